import { expect, test } from 'vitest'
import { groupsOf, summaryOf, unmarked } from '@/logic/marking'
import { named } from '@/logic/wording'

const WORDS = { present: '到会', excused: '请假', absent: '缺席' }
const people = Array.from({ length: 52 }, (_, number) => ({ key: String(number), name: `党员${number}` }))
const marks: Record<string, string> = { ...Object.fromEntries(people.map(one => [one.key, 'present'])), 7: 'excused' }

test('a list of fifty is told by its exceptions', () => {
  expect(summaryOf(people, marks, WORDS)).toBe('到会51 · 请假1')
  expect(summaryOf(people, {}, WORDS)).toBe('未登记52')
  expect(groupsOf(people, marks, WORDS).map(one => one.title)).toEqual(['请假 1', '到会 51'])
})
test('who is not marked comes first, and nobody is marked by being listed', () => {
  const some = { 0: 'present', 1: 'absent' }
  expect(groupsOf(people, some, WORDS).map(one => one.title)).toEqual(['未登记 50', '缺席 1', '到会 1'])
  expect(unmarked(people, some)).toHaveLength(50)
})
test('a name is found however it is spelt', () => {
  expect(groupsOf(people, marks, WORDS, '党员7').map(one => one.title)).toEqual(['请假 1'])
  expect(named('黄　⼩梅\u200b', '黄小梅')).toBe(true)
  expect(named('买买提•艾力', '买买提·艾力')).toBe(true)
  expect(named('王芳', '李')).toBe(false)
})
