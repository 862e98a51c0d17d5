import type { Meeting } from '@app/api'
import { expect, test } from 'vitest'
import { listOf, peopleOf } from '@/logic/attendance'
import { groupMeetings, isOpen, spanAsked, together } from '@/logic/meeting-groups'
import { complaintsOf } from '@/logic/meeting-plan'
import { told } from '@/logic/needs'
import { offerOf } from '@/logic/offer'
import { placeOf } from '@/logic/places'
import { complaintsOf as factComplaints, lengthOf, wireOf as factsOnTheWire } from '@/logic/service-facts'
import { named } from '@/logic/wording'

const meeting = (id: number, starts: string, status: Meeting['status'] = 'convened') =>
  ({
    id,
    status,
    starts_at: starts,
    ends_at: starts.replace(/T\d\d/, hour => `T${Number(hour.slice(1)) + 1}`),
  }) as Meeting
test('a service may end after midnight, but not before it began', () => {
  const night = { category: 'safety' as const, content: '夜间巡逻', date: '2026-12-31', from: '23:30', to: '00:30' }
  expect(factComplaints(night, Date.parse('2027-01-01T08:00:00+08:00'))).toEqual({})
  expect(Object.keys(factComplaints(night, Date.parse('2026-12-31T23:40:00+08:00')))).toEqual(['to'])
  expect(factsOnTheWire(night)).toMatchObject({
    started_at: '2026-12-31T23:30:00+08:00',
    ended_at: '2027-01-01T00:30:00+08:00',
  })
  expect(lengthOf(night)).toBe('次日结束，共1小时')
  expect(lengthOf({ ...night, from: '20:00', to: '21:30' })).toBe('共1小时30分钟')
  for (const to of ['09:00', '10:00'])
    expect(Object.keys(factComplaints({ ...night, from: '10:00', to }))).toEqual(['to'])
})
test('meetings to come stand first, soonest first, then the months backwards', () => {
  const all = [
    meeting(1, '2026-10-01T09:00:00+08:00', 'closed'),
    meeting(2, '2026-12-01T09:00:00+08:00'),
    meeting(3, '2026-11-30T09:00:00+08:00'),
    meeting(4, '2026-11-01T09:00:00+08:00', 'closed'),
  ]
  const groups = groupMeetings(all, Date.parse('2026-11-23T09:00:00+08:00'))
  expect(groups.map(group => [group.title, group.meetings.map(one => one.id)])).toEqual([
    ['即将召开', [3, 2]],
    ['2026年11月', [4]],
    ['2026年10月', [1]],
  ])
})
test('a list of meetings is asked for in two parts, each meeting shown once', () => {
  const midnight = '2026-11-23T00:00:00+08:00'
  expect([spanAsked('coming', 'all', midnight), spanAsked('past', 'all', midnight)]).toEqual([
    { from: midnight },
    { to: midnight },
  ])
  expect([spanAsked('coming', 'past', midnight), spanAsked('past', 'past', midnight)]).toEqual([
    undefined,
    { to: midnight },
  ])
  const [first, second] = [meeting(1, midnight), meeting(2, '2026-11-22T09:00:00+08:00', 'closed')]
  expect(together([first], [first, second]).map(one => one.id)).toEqual([1, 2])
})
test('one can mark oneself from half an hour before to two hours after', () => {
  const one = meeting(1, '2026-11-23T09:00:00+08:00')
  const at = (time: string) => isOpen(one, Date.parse(`2026-11-23T${time}:00+08:00`))
  expect([at('08:29'), at('08:30'), at('12:00'), at('12:01')]).toEqual([false, true, true, false])
})
test('an online meeting needs a link that begins with https', () => {
  const plan = {
    kind: 'party_lecture' as const,
    title: '',
    mode: 'online' as const,
    date: '2026-11-23',
    from: '09:00',
    to: '10:00',
    place: '',
    agenda: '',
    platform: '',
    url: 'http://x.y',
    months: 1,
  }
  const wrong = (part: object) => Object.keys(told(complaintsOf({ ...plan, ...part })))
  expect(wrong({})).toEqual(['url'])
  expect(wrong({ url: 'https://x.y' })).toEqual([])
  expect(wrong({ url: 'https://x.y', to: '09:00' })).toEqual(['ends_at'])
  expect(wrong({ mode: 'in_person' })).toEqual(['place'])
})
test('the list is sent by mark, with a reason for who is away', () => {
  expect(listOf({ 1: 'present', 2: 'excused', 3: 'present' }, { 1: 'work', 2: 'illness', 9: 'work' })).toEqual({
    present: [1, 3],
    excused: [2],
    absent: [],
    reasons: [{ member_id: 2, reason_code: 'illness' }],
  })
})
test('of who is away it is said why, of others nothing', () => {
  const due = [1, 2, 3].map(id => ({ id, name: `党员${id}` }))
  const people = peopleOf(
    due,
    { 1: 'present', 2: 'excused', 3: 'absent' },
    { 1: 'work', 2: 'illness', 3: 'unexplained' },
  )
  expect(people.map(one => one.note)).toEqual([undefined, '身体原因', undefined])
})
test('skills are split as people write them', () => {
  expect(offerOf({ skills: '医疗、维修，写作 摄影', availability: ' 周末 ' })).toEqual({
    skills: ['医疗', '维修', '写作', '摄影'],
    availability: '周末',
  })
})
test('a message leads to its subject', () => {
  expect(placeOf({ kind: 'meetings.convened', subject: 'meeting:16' })).toBe('/meetings/meeting?id=16')
  expect(placeOf({ kind: 'registrations.returned', subject: 'community_registration:3' })).toBe('/registrations/mine')
  expect(placeOf({ kind: 'registrations.submitted', subject: 'community_registration:3' })).toBeUndefined()
  expect(placeOf({ kind: 'registrations.deadline', subject: 'community_registration:3' })).toBeUndefined()
  expect(placeOf({ kind: 'registrations.request_submitted', subject: 'community_registration:3' })).toBeUndefined()
  expect(placeOf({ kind: 'volunteering.deadline', subject: 'service_record:3' })).toBeUndefined()
  expect(placeOf({ kind: 'claims.deadline', subject: 'project_claim:3' })).toBe('/projects/claims')
  expect(placeOf({ kind: 'claims.delivered', subject: 'project_claim:3' })).toBeUndefined()
  expect(placeOf({ kind: 'volunteering.record_voided', subject: 'service_record:3' })).toBe('/volunteering/detail?id=3')
  expect(placeOf({ kind: 'volunteering.record_returned', subject: 'service_record:3' })).toBe('/volunteering/records')
  expect(placeOf({ kind: 'gardening.watered', subject: 'meeting:16' })).toBe('/meetings/meeting?id=16')
  expect(placeOf({ kind: 'gardening.watered', subject: 'garden:1' })).toBeUndefined()
})
test('a name is found in any spelling', () => {
  for (const sought of ['黄小梅', '黄　小梅', '黄⼩梅', '黄小梅\u200b', '\u202d小梅\u202c', ''])
    expect(named('黄小梅', sought)).toBe(true)
  for (const dot of '•‧・．.･·') expect(named('阿依古丽·买买提', `阿依古丽${dot}买`)).toBe(true)
  expect(named('开发区（农场）', '开发区(农')).toBe(true)
  expect(named('黄大梅', '黄小梅')).toBe(false)
})
