import type { Activity, ActivityDetail, Shift, SignUp } from '@app/api'
import { dateOf, shortDay, span, timeOf } from './shanghai'

const OPENS_MS = 30 * 60_000
const STAYS_OPEN_MS = 2 * 3600_000

/** From its first shift to its last, in one line. */
export function when(activity: Activity): string {
  if (activity.shifts.length < 2) return span(activity.starts_at, activity.ends_at)
  const days =
    dateOf(activity.starts_at) === dateOf(activity.ends_at)
      ? shortDay(activity.starts_at)
      : `${shortDay(activity.starts_at)}至${shortDay(activity.ends_at)}`
  return `${days}，共${activity.shifts.length}个班次，${timeOf(activity.starts_at)}起`
}

export const placesLeft = (activity: Activity) => activity.shifts.reduce((sum, one) => sum + one.places_left, 0)

/** What is known of the places of a shift. */
export function places(shift: Shift): string {
  if (shift.places_left) return `${shift.places}个名额，还有${shift.places_left}个`
  return shift.waiting ? `${shift.places}个名额已满，${shift.waiting}人候补` : `${shift.places}个名额已满`
}

export const mineOf = (activity: ActivityDetail, shift: Shift): SignUp | undefined =>
  activity.my_sign_ups.find(one => one.shift_id === shift.id)

export const isOver = (moment: string, now: number) => Date.parse(moment) <= now

/** Whether one may still sign up for a shift, or wait. */
export const isOpen = (activity: Activity, shift: Shift, now: number) =>
  ['published', 'full', 'running'].includes(activity.status) && !isOver(shift.ends_at, now)

/** Whether there is a code at the venue: from half an hour before the first shift to two hours after the last. */
export function hasCode(activity: Activity, now: number): boolean {
  return (
    !['draft', 'cancelled'].includes(activity.status) &&
    now >= Date.parse(activity.starts_at) - OPENS_MS &&
    now <= Date.parse(activity.ends_at) + STAYS_OPEN_MS
  )
}
