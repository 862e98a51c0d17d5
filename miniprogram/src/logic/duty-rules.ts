import type { DutyRule } from '@app/api'
import { UNCOUNTED, type Word } from './words'

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** `第十二条`: a measure of the notice, as it is cited. */
export function measureName(measure: number): string {
  const [tens, ones] = [Math.floor(measure / 10), measure % 10]
  return `第${tens > 1 ? DIGITS[tens] : ''}${tens ? '十' : ''}${DIGITS[ones]}条`
}

export interface Measure<T> {
  measure: number
  rules: T[]
}

/** What belongs to each measure, both in the order in which they come. */
export function byMeasure<T extends { measure: number }>(rules: readonly T[]): Measure<T>[] {
  const found = new Map<number, T[]>()
  for (const rule of rules) found.set(rule.measure, [...(found.get(rule.measure) ?? []), rule])
  return [...found].map(([measure, rules]) => ({ measure, rules }))
}

type Counted = Pick<DutyRule, 'computed' | 'shown'>

/** Why a rule has no figures, in a word; undefined where it has. */
export function uncounted(rule: Counted): Word | undefined {
  if (rule.computed) return undefined
  return rule.shown ? UNCOUNTED.never : UNCOUNTED.waiting
}

/** The same in a sentence. */
export function whyUncounted(rule: Counted): string | undefined {
  if (rule.computed) return undefined
  return rule.shown || '尚未计算：这项职责的情况还没有在本系统登记，不计入任何统计。'
}

/** How many of some uncounted rules are of which sort: `尚未计算2项，不设数字1项`. */
export function howUncounted(rules: readonly Counted[]): string {
  const never = rules.filter(rule => rule.shown).length
  const parts = [
    [UNCOUNTED.waiting.text, rules.length - never],
    [UNCOUNTED.never.text, never],
  ] as const
  return parts
    .filter(([, count]) => count)
    .map(([text, count]) => `${text}${count}项`)
    .join('，')
}
