// Times are Shanghai's, whatever zone the computer is set to.
const AHEAD_MS = 8 * 3600 * 1000
const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
const wall = (moment: string | number) => new Date(new Date(moment).getTime() + AHEAD_MS)

export const dateOf = (moment: string | number) => wall(moment).toISOString().slice(0, 10)
export const timeOf = (moment: string | number) => wall(moment).toISOString().slice(11, 16)
export const today = () => dateOf(Date.now())

/** `11月24日 周二`; the year only where it is not this one. Takes a date or a moment. */
export function day(given: string): string {
  const date = given.length === 10 ? given : dateOf(given)
  const at = new Date(`${date}T00:00:00Z`)
  const year = date.slice(0, 4) === today().slice(0, 4) ? '' : `${date.slice(0, 4)}年`
  return `${year}${at.getUTCMonth() + 1}月${at.getUTCDate()}日 周${WEEKDAYS[at.getUTCDay()]}`
}
export const shortDay = (given: string) => day(given).slice(0, -3)

/** `11月24日 周二 09:30—11:00` */
export function span(starts: string, ends: string): string {
  const last = dateOf(starts) === dateOf(ends) ? timeOf(ends) : `${day(ends)} ${timeOf(ends)}`
  return `${day(starts)} ${timeOf(starts)}—${last}`
}
export const plusDays = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
