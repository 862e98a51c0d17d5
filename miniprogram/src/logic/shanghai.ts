// Times are Shanghai's, whatever zone the phone is set to.
const AHEAD_MS = 8 * 3600 * 1000
const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
const two = (n: number) => String(n).padStart(2, '0')

/** A moment as the wall clock in Shanghai shows it, in the UTC fields of a Date. */
function wall(moment: string | number): Date {
  return new Date(new Date(moment).getTime() + AHEAD_MS)
}

export const dateOf = (moment: string | number) => wall(moment).toISOString().slice(0, 10)
export const timeOf = (moment: string | number) => wall(moment).toISOString().slice(11, 16)
export const today = () => dateOf(Date.now())

/** `2026-11-24` + `09:30` -> `2026-11-24T09:30:00+08:00` */
export const moment = (date: string, time: string) => `${date}T${time}:00+08:00`

/** `11月24日 周二`; the year only where it is not this one. Takes a date or a moment. */
export function day(given: string): string {
  const date = given.length === 10 ? given : dateOf(given)
  const at = new Date(`${date}T00:00:00Z`)
  const year = date.slice(0, 4) === today().slice(0, 4) ? '' : `${date.slice(0, 4)}年`
  return `${year}${at.getUTCMonth() + 1}月${at.getUTCDate()}日 周${WEEKDAYS[at.getUTCDay()]}`
}

/** `11月24日` without the weekday. */
export const shortDay = (given: string) => day(given).slice(0, -3)

/** `11月24日 周二 09:30—11:00` */
export function span(starts: string, ends: string): string {
  const last = dateOf(starts) === dateOf(ends) ? timeOf(ends) : `${day(ends)} ${timeOf(ends)}`
  return `${day(starts)} ${timeOf(starts)}—${last}`
}

/** `2小时30分钟` */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return `${hours ? `${hours}小时` : ''}${rest || !hours ? `${rest}分钟` : ''}`
}

/** Move a date by whole days. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The full hour at or before a moment, as `HH:00`. */
export const hourOf = (moment: number) => `${two(wall(moment).getUTCHours())}:00`
