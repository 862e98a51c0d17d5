import { expect, test } from 'vitest'
import { stepOf, type Shown } from '@/logic/tree'

// A committee that is open, a branch and a closed general branch below it, and one beside the committee.
const SHOWN: Shown[] = [
  { level: 1, open: true },
  { level: 2, open: undefined },
  { level: 2, open: false },
  { level: 1, open: undefined },
]
const steps = (key: string) => SHOWN.map((_, at) => stepOf(key, SHOWN, at))

test('up, down, first and last go through what is shown and stop at its ends', () => {
  expect(steps('ArrowDown')).toEqual([{ to: 1 }, { to: 2 }, { to: 3 }, undefined])
  expect(steps('ArrowUp')).toEqual([undefined, { to: 0 }, { to: 1 }, { to: 2 }])
  expect(steps('Home')).toEqual(Array(4).fill({ to: 0 }))
  expect(steps('End')).toEqual(Array(4).fill({ to: 3 }))
})

test('right opens, then goes in; left closes, then goes to what it stands under', () => {
  expect(steps('ArrowRight')).toEqual([{ to: 1 }, undefined, 'open', undefined])
  expect(steps('ArrowLeft')).toEqual(['close', { to: 0 }, { to: 0 }, undefined])
})

test('where it is open and nothing has come yet, right stays', () => {
  expect(stepOf('ArrowRight', [{ level: 1, open: true }], 0)).toBeUndefined()
  expect(stepOf('a', SHOWN, 0)).toBeUndefined()
})
