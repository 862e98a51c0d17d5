import { expect, test } from 'vitest'
import { daysOf, minutesFor, monthName, monthOf, moved, opens } from '@/logic/calendar'

const dates = (month: string, range = {}) => daysOf(month, range).flatMap(one => (one?.open ? [one.date] : []))

test('no month has a day that does not exist', () => {
  expect(dates('2026-11').at(-1)).toBe('2026-11-30')
  expect(dates('2026-02')).toHaveLength(28)
  expect(dates('2028-02')).toHaveLength(29)
  for (let number = 1; number <= 12; number += 1) {
    const month = `2027-${String(number).padStart(2, '0')}`
    expect(dates(month).every(one => new Date(`${one}T00:00:00Z`).toISOString().startsWith(one))).toBe(true)
  }
})
test('a day past the end is not offered, nor a month without any day', () => {
  expect(dates('2026-11', { to: '2026-11-28' }).at(-1)).toBe('2026-11-28')
  expect(opens('2026-12', { to: '2026-11-28' })).toBe(false)
  expect(opens('2026-10', { from: '2026-11-01' })).toBe(false)
  expect(opens('2026-11', { from: '2026-11-30', to: '2026-11-30' })).toBe(true)
})
test('a week begins on Monday', () => {
  expect(daysOf('2026-11', {}).findIndex(Boolean)).toBe(6) // 1 November 2026 is a Sunday
  expect(daysOf('2026-06', {}).findIndex(Boolean)).toBe(0)
})
test('months go over the year', () => {
  expect([moved('2026-12', 1), moved('2026-01', -1), moved('2026-11', 12)]).toEqual(['2027-01', '2025-12', '2027-11'])
  expect(monthName('2026-05')).toBe('2026年5月')
})
test('the sheet opens where something can be chosen', () => {
  expect(monthOf('', '2026-11-28', {})).toBe('2026-11')
  expect(monthOf('2026-12-05', '2026-11-28', { to: '2026-11-28' })).toBe('2026-11')
  expect(monthOf('2026-01-05', '2026-11-28', { from: '2026-03-01' })).toBe('2026-03')
})
test('a minute that was recorded stays to be chosen', () => {
  expect(minutesFor('07')).toContain('07')
  expect(minutesFor('30')).toHaveLength(12)
})
