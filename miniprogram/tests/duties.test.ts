import type { Cell, Duty, DutyCheck, Registration } from '@app/api'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  bySubject,
  checksOf,
  checkWords,
  evidenceUrl,
  figure,
  ownWord,
  parts,
  remainder,
  standing,
} from '@/logic/duties'
import { byMeasure, howUncounted, measureName, uncounted, whyUncounted } from '@/logic/duty-rules'
import { nextStep } from '@/logic/next-step'
import { below, figuresOf, percent, targetOf, wordsFor } from '@/logic/rates'
import { sources } from './sources'

const check = (part: Partial<DutyCheck>): DutyCheck => ({
  kinds: [],
  title: '',
  required: 4,
  done: 3,
  unit: '次',
  period: 'quarter',
  verdict: 'on_track',
  remaining_days: 31,
  ...part,
})
const duty = (part: Partial<Duty>): Duty => ({
  rule_id: 'x',
  measure: 2,
  title: '',
  text: '',
  arithmetic: '',
  subject: { kind: 'member', id: 1, name: '', code: null },
  required: 2,
  done: 1,
  unit: '次',
  period: 'year',
  verdict: 'on_track',
  remaining_days: 37,
  checks: [check({ kinds: ['volunteer_service'] })],
  why_not_applicable: null,
  next_step: null,
  ...part,
})
const registration = (part: Partial<Registration>) =>
  ({ community: { code: '1', name: '国贸社区' }, answer_due_on: '2026-11-30', ...part }) as Registration

test('what is missing is said with the days left', () => {
  expect(remainder(duty({}))).toBe('还差1次，今年还有37天。')
  expect(remainder(duty({ verdict: 'overdue', remaining_days: null }))).toBe('还差1次。')
  expect(remainder(duty({ verdict: 'met', done: 2 }))).toBe('今年的要求已经达到。')
  expect(remainder(duty({ verdict: 'exempt' }))).toBe('按规定免予履行，不需要办理。')
  expect(remainder(duty({ verdict: 'not_due' }))).toBe('尚未到期。')
})
test('the days left are those of the period that is running', () => {
  const quarterly = duty({ period: 'quarter', required: 4, done: 1 })
  expect(remainder({ ...quarterly, remaining_days: 30 })).toBe('全年应有4次，已有1次，本季度还有30天。')
  expect(remainder({ ...quarterly, remaining_days: 0 })).toBe('全年应有4次，已有1次，本季度今天截止。')
  expect(remainder({ ...quarterly, verdict: 'met' })).toBe('到目前为止的要求都已达到。')
})
test('more done than required fills every part and no more', () => {
  expect(parts(duty({ done: 5 }))).toEqual([true, true])
  expect(parts(duty({ required: 0 }))).toEqual([])
})
test('what can be made good on any day waits, what had its day is overdue', () => {
  const word = (period: string) => ownWord(duty({ verdict: 'overdue', checks: [check({ period })] })).text
  expect([word('year'), word('month'), ownWord(duty({})).text]).toEqual(['待办理', '逾期', '正在进行'])
})
test('of what nobody can fall short of it is said how far it is', () => {
  const aim = duty({ verdict: 'progress', required: 1, done: 0, unit: '份' })
  expect([figure(aim), remainder(aim), standing(aim)]).toEqual(['0份', '只反映进展，不判定是否履行。', '现有0份'])
})

describe('what asks for several things', () => {
  const meetings = duty({
    required: 44,
    done: 39,
    verdict: 'overdue',
    checks: [
      check({ title: '支部党员大会', verdict: 'met' }),
      check({ title: '党课' }),
      check({ title: '支部委员会会议', verdict: 'not_applicable' }),
      check({ title: '党小组会', verdict: 'overdue', period: 'month', required: 36, remaining_days: 2 }),
    ],
  })

  test('says of each how it stands and never their sum', () => {
    expect(checksOf(meetings).map(one => `${one.title}${checkWords(one)}`)).toEqual([
      '支部党员大会已履行',
      '党课正在进行，本季度还有31天',
      '党小组会逾期，本月还有2天',
    ])
    expect(remainder(meetings)).toBe('党小组会有逾期；党课待完成，本季度还有31天。')
    expect(standing(meetings)).toBe(remainder(meetings))
    const both = meetings.checks.map(one => ({ ...one, verdict: 'on_track' as const }))
    expect(remainder({ ...meetings, verdict: 'on_track', checks: both.slice(0, 2) })).toBe(
      '支部党员大会、党课待完成，本季度还有31天。',
    )
    expect(standing({ ...meetings, verdict: 'met' })).toBe('没有逾期的。')
  })
  test('of which only one binds is told like any other', () => {
    const alone = { ...meetings, checks: meetings.checks.slice(1, 3) }
    expect(checksOf(alone)).toEqual([])
    expect(standing(alone)).toBe('应有44次，已有39次')
  })
})

test('duties stand by whose they are, each area by itself, and open to their evidence', () => {
  const area = (id: number) => duty({ subject: { kind: 'area', id, name: `街道${id}`, code: '460106003' } })
  const branch = duty({ subject: { kind: 'organization', id: 7, name: '党支部', code: null } })
  const groups = bySubject([area(3), branch, area(4), duty({})])
  expect(groups.map(one => [one.kind, one.name])).toEqual([
    ['member', ''],
    ['organization', '党支部'],
    ['area', '街道3'],
    ['area', '街道4'],
  ])
  expect([duty({}), branch, area(3)].map(evidenceUrl)).toEqual([
    '/duties/evidence?rule=x',
    '/duties/evidence?rule=x&branch=7',
    '/duties/subject?rule=x&id=3',
  ])
})

describe('the next step', () => {
  test('is the one the server names, and none where it names none or one that is unknown', () => {
    expect(nextStep(duty({ next_step: 'volunteering.log' }), undefined).url).toBe('/volunteering/log')
    expect(nextStep(duty({ next_step: 'meetings.convene' }), undefined).action).toBe('召开会议')
    expect(nextStep(duty({ next_step: 'projects.find' }), undefined).action).toBe('为单位认领项目')
    expect(nextStep(duty({ next_step: 'activities.find' }), undefined).note).toContain('还差1次')
    expect(nextStep(duty({}), undefined)).toEqual({})
    expect(nextStep(duty({ next_step: 'gardening.water' }), undefined)).toEqual({})
  })
  test('of a community leads to the page of its list', () => {
    const owed = (code: string) =>
      nextStep(
        duty({ subject: { kind: 'area', id: 2, name: '', code }, next_step: 'demands.publish_list' }),
        registration({ status: 'active' }),
      )
    expect(owed('460106003004').url).toBe('/demands/list?code=460106003004&state=submitted')
    expect(owed('460106003').url).toBe('/demands/street?code=460106003&mine=true')
  })
  test('follows the registration, by what is asked for', () => {
    const owed = duty({
      required: 1,
      done: 0,
      verdict: 'overdue',
      checks: [check({ kinds: ['community_registration'] })],
      next_step: 'registrations.submit',
    })
    expect(nextStep(owed, undefined).action).toBe('去报到')
    expect(nextStep(owed, registration({ status: 'submitted' })).note).toContain('国贸社区')
    const returned = registration({ status: 'returned', next_step: 'resubmission', return_reason: '请补充。' })
    expect(nextStep(owed, returned).action).toBe('补充报到材料')
    expect(nextStep(owed, registration({ status: 'paused' })).note).toContain('已暂停')
    expect(nextStep(owed, registration({ status: 'active' })).action).toBeUndefined()
    expect(nextStep(owed, registration({ status: 'withdrawn' })).action).toBe('去报到')
    expect(nextStep({ ...owed, next_step: null, verdict: 'met' }, undefined)).toEqual({})
    const service = duty({ next_step: 'volunteering.log' })
    expect(nextStep(service, registration({ status: 'submitted' })).action).toBe('记录服务')
  })
  test('is none for whom a rule passes by, who reads why', () => {
    const passedBy = duty({ verdict: 'not_applicable', why_not_applicable: '您的组织关系在社区。' })
    expect(remainder(passedBy)).toBe('您的组织关系在社区。')
    expect(remainder({ ...passedBy, why_not_applicable: null })).toBe('目前不适用。')
    expect(nextStep(passedBy, registration({ status: 'active' }))).toEqual({})
  })
})

describe('the figures of an area', () => {
  const cell = (part: Partial<Cell>): Cell => ({
    area_code: '460106',
    area_name: '龙华区',
    bound: 12,
    met: 8,
    on_the_way: 3,
    overdue: 1,
    exempt: 0,
    rate: null,
    needed: null,
    verdict: null,
    ...part,
  })
  test('are five numbers', () => {
    const { bound, parts } = figuresOf(cell({}))!
    expect([`应履行${bound}`, ...parts.map(one => `${one.text}${one.count}`)].join(' · ')).toBe(
      '应履行12 · 已履行8 · 正在进行3 · 逾期1 · 免予0',
    )
    expect(parts.reduce((sum, one) => sum + one.count, 0)).toBe(bound)
  })
  test('say so where they are hidden, and are no zero where nobody is bound', () => {
    const hidden = cell({ bound: null, met: null, on_the_way: null, overdue: null, exempt: null })
    expect([figuresOf(hidden), wordsFor(hidden)]).toEqual([undefined, '为保护个人信息，不单独显示'])
    expect(wordsFor(cell({ bound: 0 }))).toBe('没有应当履行的对象')
    expect(wordsFor(cell({}))).toBeUndefined()
  })
  test('say how many are needed where their share is judged', () => {
    expect(targetOf(cell({ needed: 2, met: 1 }))).toBe('要求至少2个达到，现有1个。')
    expect(targetOf(cell({}))).toBeUndefined()
  })
  test.each([
    [0.667, '66.7%'],
    [0.999, '99.9%'],
    [0.001, '0.1%'],
    [1, '100.0%'],
    [0, '0.0%'],
  ])('have a rate of %d written as it is', (rate, words) => {
    expect(percent(rate)).toBe(words)
  })
  test.each([
    ['460100', '各区'],
    ['460106', '各街道'],
    ['460106003', '各社区'],
    ['460106003004', undefined],
  ])('of %s have below them %s', (code, words) => {
    expect(below(code)).toBe(words)
  })
})

describe('the rules of the notice', () => {
  const [counted, waiting, never] = [
    { measure: 1, computed: true, shown: '' },
    { measure: 1, computed: false, shown: '' },
    { measure: 12, computed: false, shown: '由系统约束保证。' },
  ]
  test('stand by measure, in the order in which they come', () => {
    expect(byMeasure([counted, waiting, never])).toEqual([
      { measure: 1, rules: [counted, waiting] },
      { measure: 12, rules: [never] },
    ])
    expect([1, 9, 10, 12, 20].map(measureName)).toEqual(['第一条', '第九条', '第十条', '第十二条', '第二十条'])
  })
  test('say why they have no number', () => {
    expect([counted, waiting, never].map(one => uncounted(one)?.text)).toEqual([undefined, '尚未计算', '不设数字'])
    expect(whyUncounted(counted)).toBeUndefined()
    expect(whyUncounted(waiting)).toContain('尚未计算')
    expect(whyUncounted(never)).toBe('由系统约束保证。')
    expect(howUncounted([waiting, waiting, never])).toBe('尚未计算2项，不设数字1项')
    expect(howUncounted([never])).toBe('不设数字1项')
  })
  test("are named nowhere in the app: what there is to do about one the server's step says", () => {
    const logic = fileURLToPath(new URL('../src/', import.meta.url))
    const scripts = readdirSync(logic, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => [name, readFileSync(logic + name, 'utf8')] as const)
    const all = [...scripts, ...sources.map(one => [one.name, one.script + one.template] as const)]
    expect(all.filter(([, text]) => /(['"`=])(1?\d|20)[a-h]\b(?=['"`&])/.test(text)).map(([name]) => name)).toEqual([])
  })
})
