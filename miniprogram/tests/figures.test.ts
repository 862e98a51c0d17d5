import { describe, expect, test } from 'vitest'
import { reviewOf } from '@/logic/rates'

describe('a register that says whom a duty binds', () => {
  const none = { bound: 0, met: 0, on_the_way: 0, overdue: 0, exempt: 0, rate: null, needed: null, verdict: null }
  const cell = { ...none, area_code: '460106', area_name: '龙华区' }
  const review = { register: 'estate', title: '小区', places: 12, reviewed: 0, last_on: null }

  test('is not kept where nobody is bound and nobody has looked', () => {
    expect(reviewOf({ ...cell, review })).toBe('“小区”名册未建立，暂无数字。')
  })
  test('says how many places have looked it through', () => {
    const looked = { ...review, reviewed: 5, last_on: '2026-03-01' }
    expect(reviewOf({ ...cell, review: looked })).toBe('名册今年已核对5处，共12处，最近一次2026-03-01。')
    expect(reviewOf({ ...cell, bound: 3, review })).toBe('名册今年已核对0处，共12处。')
    expect(reviewOf({ ...cell, bound: 3, review: { ...review, places: 1 } })).toBe('名册今年尚未核对。')
  })
  test('says nothing where no register is asked', () => {
    expect(reviewOf({ ...cell, review: null })).toBeUndefined()
  })
})
