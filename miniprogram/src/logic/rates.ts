import type { Cell, DutyCell } from '@app/api'
import { FIGURES } from './words'

/** `66.7%`: the server has rounded, nothing here does. */
export const percent = (rate: number) => `${(rate * 100).toFixed(1)}%`

/** What lies below an area, as its code says: a city has districts, a district streets, a street communities. */
export function below(code: string): string | undefined {
  if (code.length === 6) return code.endsWith('00') ? '各区' : '各街道'
  return code.length === 9 ? '各社区' : undefined
}

export interface Figure {
  key: keyof typeof FIGURES
  text: string
  count: number
}
const KEYS = Object.keys(FIGURES) as Figure['key'][]

/** A cell's five numbers: how many are bound, and how these stand. Undefined: hidden. */
export function figuresOf(cell: Cell): { bound: number; parts: Figure[] } | undefined {
  if (cell.bound === null) return undefined
  return { bound: cell.bound, parts: KEYS.map(key => ({ key, text: FIGURES[key], count: cell[key] ?? 0 })) }
}

/** What is said instead of numbers. Few persons are nobody's statistics, nor is whatever would give them away. */
export function wordsFor(cell: Cell): string | undefined {
  if (cell.bound === null) return '为保护个人信息，不单独显示'
  return cell.bound ? undefined : '没有应当履行的对象'
}

type Reviewed = Partial<Pick<DutyCell, 'review'>>

/** What is said where a register tells whom a duty binds: nobody bound and nobody having looked means no register. */
export function reviewOf(cell: Cell & Reviewed): string | undefined {
  const { review } = cell
  if (!review) return undefined
  if (!cell.bound && !review.reviewed) return `“${review.title}”名册未建立，暂无数字。`
  const last = review.last_on ? `，最近一次${review.last_on}` : ''
  if (review.places < 2) return review.reviewed ? `名册今年已核对${last}。` : '名册今年尚未核对。'
  return `名册今年已核对${review.reviewed}处，共${review.places}处${last}。`
}

/** How many have to have met it, where their share is judged: `要求至少2个达到，现有1个。` */
export const targetOf = (cell: Cell): string | undefined =>
  cell.needed === null || cell.met === null ? undefined : `要求至少${cell.needed}个达到，现有${cell.met}个。`
