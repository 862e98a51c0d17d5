// A month on a sheet: only days that exist, and of those only the ones that may be chosen.
import { plusDays } from './shanghai'

export interface Day {
  date: string
  number: number
  open: boolean
}
export interface Range {
  from?: string
  to?: string
}

const DAYS_OF_A_WEEK = 7
const first = (month: string) => `${month}-01`
const weekdayOf = (date: string) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % DAYS_OF_A_WEEK

/** `2026-11` -> `2026-12`, or further. */
export function moved(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 + by
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** `2026年11月` */
export const monthName = (month: string) => `${month.slice(0, 4)}年${Number(month.slice(5))}月`

/** Whether any day of a month may be chosen. */
export const opens = (month: string, { from, to }: Range): boolean =>
  (!from || plusDays(first(moved(month, 1)), -1) >= from) && (!to || first(month) <= to)

/** The month to begin with: that of what is chosen, else of today, brought into the range. */
export function monthOf(chosen: string, today: string, { from, to }: Range): string {
  const date = chosen || today
  return (from && date < from ? from : to && date > to ? to : date).slice(0, 7)
}

/** A month's days from Monday on; what belongs to another month stays empty. */
export function daysOf(month: string, { from, to }: Range): (Day | undefined)[] {
  const days: (Day | undefined)[] = Array.from({ length: weekdayOf(first(month)) }, () => undefined)
  for (let date = first(month); date.startsWith(month); date = plusDays(date, 1)) {
    days.push({ date, number: Number(date.slice(8)), open: (!from || date >= from) && (!to || date <= to) })
  }
  return days
}

const STEP = 5
export const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** Every fifth minute, and the one that is chosen already. */
export function minutesFor(chosen: string): string[] {
  const usual = Array.from({ length: 60 / STEP }, (_, number) => String(number * STEP).padStart(2, '0'))
  return chosen && !usual.includes(chosen) ? [...usual, chosen].sort() : usual
}
