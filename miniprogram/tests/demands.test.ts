import type { Demand } from '@app/api'
import { expect, test } from 'vitest'
import {
  complaintsOf,
  demandNews,
  demandNote,
  freshWanted,
  listedNote,
  listUrl,
  nextVersion,
  publishingOf,
  shareNote,
  sourceOf,
  wantedOf,
  wireOf,
} from '@/logic/demands'
import { today } from '@/logic/shanghai'
import { complaintsOf as triageComplaints, freshAnswer, wireOf as answerOnTheWire } from '@/logic/triage'

const year = today().slice(0, 4)
const demand = (part: Partial<Demand> = {}) =>
  ({
    id: 7,
    kind: 'demand',
    status: 'submitted',
    title: '楼道加装扶手',
    content: '3号楼',
    community: { code: '460106003004', name: '国贸社区' },
    source: 'resident',
    unit: null,
    beneficiary_code: null,
    needed_by: null,
    submitted_at: `${year}-11-27T09:00:00+08:00`,
    published_on: null,
    expires_on: null,
    closed_on: null,
    decision_reason: null,
    mine: false,
    solved: null,
    ...part,
  }) as Demand

test('each state of a demand says what happens next', () => {
  const said = (part: Partial<Demand>) => demandNews(demand(part))
  expect(said({ mine: true })).toBe('社区办理后会通知您。')
  expect(said({})).toBe('')
  expect(said({ status: 'referred', decision_reason: '已转街道办理。' })).toBe('已转办：已转街道办理。')
  expect(said({ status: 'published', published_on: `${year}-11-01`, expires_on: `${year}-12-31` })).toBe(
    '11月1日公布，公布期到12月31日。',
  )
  expect(said({ status: 'solved', closed_on: `${year}-11-20`, decision_reason: '已协调解决。' })).toBe(
    '11月20日办结。已协调解决。',
  )
  expect(said({ status: 'expired' })).toContain('可以重新提出')
})
test('a reader learns as what it was brought, or nothing', () => {
  expect(sourceOf(demand())).toBe('居民')
  expect(sourceOf(demand({ source: 'unit', unit: { id: 1, name: '示范局' } }))).toBe('示范局')
  expect(sourceOf(demand({ source: null }))).toBeUndefined()
  expect(demandNote(demand())).toBe('需求 · 国贸社区 · 11月27日提出')
  expect(demandNote(demand(), true)).toBe('需求 · 11月27日提出')
})
test('a wish carries a code only from whoever gives codes out', () => {
  const wish = { ...freshWanted(), kind: 'micro_wish' as const, title: ' 一副老花镜 ', code: ' h0012 ' }
  expect(wireOf(wish, true)).toEqual({
    kind: 'micro_wish',
    title: '一副老花镜',
    content: '',
    needed_by: null,
    beneficiary_code: 'H0012',
  })
  expect(wireOf(wish, false).beneficiary_code).toBeNull()
  expect(wireOf({ ...wish, kind: 'demand' }, true).beneficiary_code).toBeNull()
  expect(wireOf({ ...wish, limited: 'yes', by: `${year}-12-31` }, true).needed_by).toBe(`${year}-12-31`)
  expect(Object.keys(complaintsOf(freshWanted()))).toEqual(['title'])
  expect(wantedOf(demand({ needed_by: `${year}-12-31` }))).toMatchObject({
    limited: 'yes',
    by: `${year}-12-31`,
    title: '楼道加装扶手',
  })
})
test('the next version counts within this year', () => {
  expect(nextVersion([])).toBe(1)
  expect(
    nextVersion([
      { year: Number(year), version: 2 },
      { year: Number(year) - 1, version: 9 },
    ]),
  ).toBe(3)
  expect([listUrl('460106003004'), listUrl('460106003'), listUrl(undefined, '2'), listUrl()]).toEqual([
    '/demands/list?code=460106003004&state=submitted',
    '/demands/street?code=460106003&mine=true',
    '/demands/list?code=2',
    '/demands/list',
  ])
})
test('a street sees how much each community brings, and everybody where a demand on its list is from', () => {
  const [here, there] = [
    { code: '460106003004', name: '国贸社区' },
    { code: '460106003005', name: '金贸社区' },
  ]
  const street = { code: '460106003', name: '金贸街道' }
  const shares = [
    { community: here, size: 3, new: 2 },
    { community: there, size: 1, new: 0 },
  ]
  expect(shares.map(shareNote)).toEqual(['3项，新增2项', '1项，均已公布过'])
  expect(publishingOf({ area: street, year: 2026, version: 2, size: 4, new: 2, communities: shares })).toBe(
    '汇总2个社区公布的4项需求（新增2项），作为街道今年清单第2版。公布后所有人可以看到。',
  )
  const listed = { id: 1, community: here, kind: 'demand', title: '', status: 'published' } as const
  expect([street, here].map(area => listedNote(listed, area))).toEqual(['需求 · 国贸社区', '需求'])
})
test('what is accepted unchanged is not written anew, what is refused has a reason', () => {
  const answer = freshAnswer(demand())
  expect(answerOnTheWire(answer, demand())).toEqual({ decision: 'accept' })
  expect(answerOnTheWire({ ...answer, title: '加装扶手' }, demand())).toEqual({ decision: 'accept', title: '加装扶手' })
  expect(answerOnTheWire({ ...answer, decision: 'merge', into: 3 }, demand())).toEqual({
    decision: 'merge',
    merged_into_id: 3,
  })
  expect(answerOnTheWire({ ...answer, decision: 'decline', reason: ' 不属于本社区。 ' }, demand())).toEqual({
    decision: 'decline',
    reason: '不属于本社区。',
  })
  expect(
    (['accept', 'merge', 'refer', 'decline'] as const).map(decision =>
      Object.keys(triageComplaints({ ...answer, decision })),
    ),
  ).toEqual([[], ['merged_into_id'], ['reason'], ['reason']])
})
