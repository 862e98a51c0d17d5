import type { Claim, Project } from '@app/api'
import { expect, test } from 'vitest'
import { claimNews } from '@/logic/claim-news'
import { placeOf } from '@/logic/places'
import { complaintsOf, freshPlan, planOf, wireOf } from '@/logic/project-plan'
import { claimantOf, needsReview, placesLine, projectNews, waitsFor } from '@/logic/projects'
import { plusDays, today } from '@/logic/shanghai'
import { stepsOf } from '@/logic/timeline'
import { RISK_PHRASES } from '@/logic/words'

const year = today().slice(0, 4)
const NOW = Date.parse(`${year}-11-28T09:00:00+08:00`)
const project = (part: Partial<Project> = {}) =>
  ({
    id: 5,
    title: '整理车棚',
    content: '',
    status: 'open',
    places: 2,
    places_left: 1,
    waiting: 0,
    claimants: 'any',
    community: { code: '460106003004', name: '国贸社区' },
    claim_deadline: `${year}-12-05T23:59:00+08:00`,
    starts_on: `${year}-11-28`,
    ends_on: `${year}-12-20`,
    risk: 'low',
    funded: false,
    insurance_note: '',
    cancel_reason: null,
    return_reason: null,
    done_on: null,
    evaluation_due_on: null,
    decidable: false,
    ...part,
  }) as Project
const claim = (part: Partial<Claim> = {}) =>
  ({
    id: 9,
    status: 'submitted',
    project: project(),
    member: { id: 1, name: '陈丽华' },
    unit: null,
    note: '',
    answer_due_on: `${year}-12-02`,
    answer_due_provisional: false,
    solved: null,
    claimant_solved: null,
    return_reason: null,
    can: [],
    next_step: null,
    ...part,
  }) as Claim

test('each state of a claim says what happens next, and by when', () => {
  const said = (part: Partial<Claim>) => claimNews(claim(part)).join('')
  expect(said({ status: 'waiting', waiting_position: 2 })).toContain('排队第2位')
  expect(said({})).toBe('社区12月2日前答复，答复后会通知您。')
  expect(said({ answer_due_provisional: true })).toContain('暂定')
  expect(said({ status: 'lapsed', retry_until: `${year}-12-09` })).toContain('名额为您保留到12月9日')
  expect(said({ status: 'accepted', start_due_on: `${year}-12-12` })).toMatch(
    /请在12月12日前点“开始”。.*不影响以后认领/,
  )
  expect(said({ status: 'in_progress', return_reason: '请补充地点。' })).toMatch(
    /^社区请您补充：请补充地点。.*12月20日结束/,
  )
  expect(said({ status: 'delivered', summary: '已整理', delivered_on: `${year}-12-01` })).toContain(
    '12月1日完成，等待社区验收',
  )
  expect(
    said({ status: 'released', release_reason: 'project_cancelled', project: project({ cancel_reason: '不再需要' }) }),
  ).toContain('社区说明：不再需要')
  expect(said({ status: 'failed', failure_reason: '没有开展' })).toContain('没有开展')
  expect(said({ status: 'withdrawn' })).toBe('')
})
test('a completed claim tells both views, and asks for the own one once and in time', () => {
  const done = claim({
    status: 'completed',
    summary: '已整理',
    solved: true,
    satisfied: true,
    comment: '感谢',
    project: project({ status: 'done', evaluation_due_on: `${year}-12-15` }),
    can: ['evaluation'],
  })
  expect(claimNews(done)).toEqual(['已整理', '社区评价：问题已解决，居民满意，感谢', '可以在12月15日前评价这个项目。'])
  const both: Claim = { ...done, can: [], claimant_solved: false, claimant_satisfied: false, claimant_comment: '' }
  expect(claimNews(both)).toContain('认领方评价：问题未解决，不满意')
  expect(claimNews(both).join('')).not.toContain('可以')
})
test('what waits for the reader is what an answer of the community is', () => {
  const steps = ['acceptance', 'completion', 'start', null] as const
  expect(steps.map(next_step => waitsFor(claim({ next_step })))).toEqual([true, true, false, false])
})
test('places are told with those who wait', () => {
  expect(placesLine(project({ places_left: 0, waiting: 3 }))).toBe('2个，还有0个，3人候补')
})
test('a project says how it stands where its state alone does not', () => {
  expect(projectNews(project({ status: 'draft', return_reason: '请落实保险。' }), NOW)).toBe('街道退回：请落实保险。')
  expect(projectNews(project({ status: 'cancelled', cancel_reason: '不再需要。' }), NOW)).toContain(
    '社区说明：不再需要。',
  )
  expect(
    projectNews(project({ status: 'done', done_on: `${year}-12-01`, evaluation_due_on: `${year}-12-15` }), NOW),
  ).toBe('12月1日完成。认领方可在12月15日前评价。')
  expect(projectNews(project(), NOW)).toBe('')
  expect(projectNews(project({ claim_deadline: `${year}-11-27T23:59:00+08:00` }), NOW)).toBe('认领已截止。')
})
test('the street has a say in what is risky or needs money', () => {
  expect([
    needsReview({ risk: 'low', funded: false }),
    needsReview({ risk: 'low', funded: true }),
    needsReview({ risk: 'medium', funded: false }),
  ]).toEqual([false, true, true])
})
test('a plan with a risk is kept without insurance, but not opened', () => {
  const plan = { ...freshPlan({ title: '修屋顶', content: '漏水' }), risk: 'high' as const }
  expect(Object.keys(complaintsOf(plan))).toEqual(['insurance_note'])
  expect(complaintsOf(plan, false)).toEqual({})
  expect(wireOf({ ...plan, insurance: ' 已投保 ' })).toMatchObject({
    title: '修屋顶',
    places: 1,
    risk: 'high',
    insurance_note: '已投保',
    funded: false,
  })
  expect(wireOf({ ...plan, risk: 'low', insurance: '已投保' })).not.toHaveProperty('insurance_note')
  expect(Object.keys(complaintsOf({ ...plan, risk: 'low', deadline: plusDays(plan.ends, 1) }))).toEqual([
    'claim_deadline',
  ])
  expect(planOf(project({ risk: 'high', insurance_note: '已投保' }))).toMatchObject({
    deadline: `${year}-12-05`,
    insurance: '已投保',
    places: '2',
  })
})
test('a draft that is written again keeps the moment of its deadline, of which the form shows the day', () => {
  const draft = planOf(project({ claim_deadline: `${year}-12-05T18:00:00+08:00` }))
  expect(wireOf(draft).claim_deadline).toBe(`${year}-12-05T18:00:00+08:00`)
  expect(wireOf({ ...draft, deadline: `${year}-12-06` }).claim_deadline).toBe(`${year}-12-06T23:59:59+08:00`)
})
test('a way is told step by step, and where it ended', () => {
  const way = stepsOf([
    { step: 'submitted', label: '提交', at: `${year}-11-24T09:30:00+08:00`, state: 'done' },
    { step: 'accepted', label: '受理', at: null, state: 'now' },
    { step: 'completed', label: '完成', at: null, state: 'to_come' },
  ])
  expect(way.map(one => one.state)).toEqual(['done', 'now', 'to_come'])
  expect(way[0]!.when).toMatch(/^11月24日 周. 09:30$/)
  expect(stepsOf([{ step: 'declined', label: '未予受理', at: null, state: 'stopped' }])).toEqual([
    { label: '未予受理', state: 'stopped', when: undefined },
  ])
})
test('a claimant is named with the unit it stands for', () => {
  expect(claimantOf(claim({ unit: { id: 2, name: '示范局' } }))).toBe('示范局（陈丽华）')
  expect(claimantOf(claim({ unit: { id: 2, name: '示范局' }, member: null }))).toBe('示范局')
})
test('messages about projects and demands lead to them', () => {
  expect(placeOf({ kind: 'projects.review_requested', subject: 'service_project:5' })).toBe('/projects/project?id=5')
  expect(placeOf({ kind: 'demands.decided', subject: 'demand:7' })).toBe('/demands/demand?id=7')
  expect(placeOf({ kind: 'claims.moved_up', subject: 'project_claim:9' })).toBe('/projects/claims')
  expect(placeOf({ kind: 'claims.submitted', subject: 'project_claim:9' })).toBeUndefined()
})
test('a risk says by itself that it is one', () => {
  for (const phrase of Object.values(RISK_PHRASES)) expect(phrase.match(/风险/g)).toHaveLength(1)
})
