// A list of fifty by exception: most are what is usual, and only who is not needs a tap.
import { named } from './wording'

export interface Listed {
  key: string
  name: string
  note?: string
}
export type Marks = Readonly<Record<string, string | undefined>>
export type Words = Readonly<Record<string, string>>
export interface Group {
  mark: string
  title: string
  people: Listed[]
}

const OPEN = '未登记'

/** `到会51 · 请假1`: who is not marked yet comes last, and is left out where nobody is. */
export function summaryOf(people: readonly Listed[], marks: Marks, words: Words): string {
  const count = (mark?: string) => people.filter(one => marks[one.key] === mark).length
  const told = Object.entries(words).map(([mark, text]) => ({ text, number: count(mark) }))
  return [...told, { text: OPEN, number: count(undefined) }]
    .filter(one => one.number)
    .map(one => `${one.text}${one.number}`)
    .join(' · ')
}

/** Who is not marked first, then whoever is not as usual, then the many; the usual mark is the first of the words. */
export function groupsOf(people: readonly Listed[], marks: Marks, words: Words, sought = ''): Group[] {
  const [usual, ...others] = Object.keys(words)
  const shown = people.filter(one => named(one.name, sought))
  return [undefined, ...others, usual].flatMap(mark => {
    const found = shown.filter(one => marks[one.key] === mark)
    return found.length
      ? [{ mark: mark ?? '', title: `${mark ? words[mark] : OPEN} ${found.length}`, people: found }]
      : []
  })
}

export const unmarked = (people: readonly Listed[], marks: Marks): string[] =>
  people.filter(one => !marks[one.key]).map(one => one.key)
