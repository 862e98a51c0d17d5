import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { day, duration, moment, plusDays, span, timeOf, today } from '@/logic/shanghai'
import { complaintsOf, freshFacts, wireOf } from '@/logic/service-facts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a phone in another zone shows Shanghai time', () => {
  expect(timeOf('2026-09-25T07:00:00Z')).toBe('15:00')
  expect(moment('2026-09-25', '15:00')).toBe('2026-09-25T15:00:00+08:00')
})
test('today begins at midnight in Shanghai', () => {
  vi.setSystemTime('2026-11-23T15:59:59Z')
  expect(today()).toBe('2026-11-23')
  vi.setSystemTime('2026-11-23T16:00:00Z')
  expect(today()).toBe('2026-11-24')
})
test('a day names its year only when it is not this one', () => {
  vi.setSystemTime('2026-11-23T04:00:00Z')
  expect(day('2026-11-24')).toBe('11月24日 周二')
  expect(day('2025-12-09T15:00:00+08:00')).toBe('2025年12月9日 周二')
})
test('a span over midnight names both days', () => {
  vi.setSystemTime('2026-11-23T04:00:00Z')
  expect(span('2026-11-24T09:00:00+08:00', '2026-11-24T10:30:00+08:00')).toBe('11月24日 周二 09:00—10:30')
  expect(span('2026-11-24T22:00:00+08:00', '2026-11-25T01:00:00+08:00')).toBe('11月24日 周二 22:00—11月25日 周三 01:00')
})
test.each([
  [45, '45分钟'],
  [60, '1小时'],
  [150, '2小时30分钟'],
  [0, '0分钟'],
])('%i minutes in words', (minutes, words) => {
  expect(duration(minutes)).toBe(words)
})
test('days are added over the end of a month and a year', () => {
  expect(plusDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(plusDays('2028-03-01', -1)).toBe('2028-02-29')
})
test.each([0, 1, 2, 12, 23])("a fresh service record at %i o'clock could be sent but for its words", hour => {
  const facts = freshFacts(Date.parse(`2026-11-23T${String(hour).padStart(2, '0')}:20:00+08:00`))
  expect(Object.keys(complaintsOf(facts))).toEqual(['content', 'category'])
  const wire = wireOf({ ...facts, category: 'care', content: ' 看望老人 ' })
  expect(Date.parse(wire.ended_at) - Date.parse(wire.started_at)).toBe(7200_000)
  expect(wire.content).toBe('看望老人')
})
