import { describe, expect, test } from 'vitest'
import { blank, complaintOf, typedOf, wireOf, wordsOf, type Declared } from '@/logic/declared'

const field = (type: Declared['type'], more: Partial<Declared> = {}): Declared => ({
  name: 'one',
  label: '某项',
  type,
  required: false,
  choices: {},
  most: 100,
  least: 0,
  example: '',
  columns: [],
  ...more,
})
const choices = { a: '甲', b: '乙' }
const columns = [field('text', { name: 'task', label: '任务', required: true }), field('month', { name: 'by' })]

/** Of each of the thirteen types: what stands in the form, what is sent and stored, how it reads. */
const TYPES: [Declared, unknown, unknown, string[]][] = [
  [field('text'), ' 国贸路12号 ', '国贸路12号', ['国贸路12号']],
  [field('long_text'), '一\n二', '一\n二', ['一\n二']],
  [field('lines'), '一\n\n 二 ', ['一', '二'], ['一', '二']],
  [field('number', { most: 20000 }), '420', 420, ['420']],
  [field('hours'), '2.5', 2.5, ['2.5']],
  [field('money', { most: 1e12 }), '1200000.00', '1200000.00', ['1,200,000']],
  [field('date'), '2020-01-02', '2020-01-02', ['2020年1月2日']],
  [field('month'), '2026-07', '2026-07', ['2026年7月']],
  [field('choice', { choices }), 'a', 'a', ['甲']],
  [field('choices', { choices }), ['a', 'b'], ['a', 'b'], ['甲、乙']],
  [field('flag'), 'no', false, ['否']],
  [field('link'), 'https://a.gov.cn', 'https://a.gov.cn', ['https://a.gov.cn']],
  [
    field('rows', { columns }),
    [
      { task: '排查', by: '2026-07' },
      { task: '', by: '' },
    ],
    [{ task: '排查', by: '2026-07' }],
    ['排查，2026年7月'],
  ],
]

describe.each(TYPES)('a field of type $type', (one, typed, stored, words) => {
  test('is sent as the server stores it', () => {
    expect(wireOf(one, typed as string)).toEqual(stored)
    expect(complaintOf(one, typed as string)).toBeUndefined()
  })
  test('comes back into the form, and reads in words', () => {
    expect(wireOf(one, typedOf(one, stored))).toEqual(stored)
    expect(wordsOf(one, stored)).toEqual(words)
  })
  test('says nothing while nothing is written, and is asked for where it is required', () => {
    const empty = blank(one)
    expect(wireOf(one, empty)).toBeNull()
    expect(typedOf(one, undefined)).toEqual(empty)
    expect(complaintOf(one, empty)).toBeUndefined()
    expect(complaintOf({ ...one, required: true }, empty)).toMatch(/^请(选择|填写)某项。$/)
    expect(wordsOf(one, undefined)).toEqual([])
  })
})
test('all thirteen types are tried', () => {
  expect(new Set(TYPES.map(([one]) => one.type)).size).toBe(13)
})

test.each([
  [field('number'), '很多', '某项应为整数。'],
  [field('number'), '2.5', '某项应为整数。'],
  [field('number', { least: 2019 }), '12', '某项应在 2019 至 100 之间。'],
  [field('hours'), '半小时', '某项应为数字。'],
  [field('money', { most: 50 }), '51', '某项应在 0 至 50 之间。'],
  [field('link'), 'a.gov.cn', '某项应为网址，以 https:// 开头。'],
  [field('lines', { most: 1 }), '一\n二', '某项最多 1 条。'],
  [field('rows', { columns }), [{ task: '', by: '2026-07' }], '第1行：请填写任务。'],
])('what is wrong is said before it is sent', (one, typed, words) => {
  expect(complaintOf(one, typed as string)).toBe(words)
})
