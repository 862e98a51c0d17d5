import { expect, test } from 'vitest'
import { dateOf, timeOf } from '@/logic/shanghai'

test('a moment is told as Shanghai has it, whatever zone the computer is set to', () => {
  expect(dateOf('2026-11-29T20:30:00Z')).toBe('2026-11-30')
  expect(timeOf('2026-11-29T20:30:00Z')).toBe('04:30')
})
