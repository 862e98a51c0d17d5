import type { Meeting } from '@app/api'
import { MEETING, MEETING_BEGUN, type Word } from './words'
import { dateOf, moment, plusDays, span, today } from './shanghai'

/** From when on to ask for what is to come: what began yesterday may still be on. The soonest stand first. */
export const toCome = () => ({ from: moment(plusDays(today(), -1), '00:00') })

/** `11月24日 周二 15:00—16:30，二楼会议室` */
export const whenAndWhere = (one: Pick<Meeting, 'starts_at' | 'ends_at' | 'mode' | 'place'>): string =>
  [span(one.starts_at, one.ends_at), one.mode === 'online' ? '线上' : one.place].filter(Boolean).join('，')

/** How a meeting stands: one that has begun is not announced any more, and may never have been. */
export function standingOf(one: Pick<Meeting, 'status' | 'starts_at' | 'ends_at'>, now: number): Word {
  if (one.status !== 'convened' || now < Date.parse(one.starts_at)) return MEETING[one.status]
  return now < Date.parse(one.ends_at) ? MEETING_BEGUN.on : MEETING_BEGUN.over
}

/** What is to come, soonest first; then what was, month by month, newest first. */
export function groupMeetings(meetings: Meeting[], now: number): { title: string; meetings: Meeting[] }[] {
  const begins = (one: Meeting) => Date.parse(one.starts_at)
  const ahead = meetings
    .filter(one => one.status === 'convened' && Date.parse(one.ends_at) > now)
    .sort((a, b) => begins(a) - begins(b))
  const past = meetings.filter(one => !ahead.includes(one)).sort((a, b) => begins(b) - begins(a))
  const months = new Map<string, Meeting[]>()
  for (const one of past) {
    const [year, month] = dateOf(one.starts_at).split('-')
    const title = `${year}年${Number(month)}月`
    months.set(title, [...(months.get(title) ?? []), one])
  }
  const groups = [...months].map(([title, list]) => ({ title, meetings: list }))
  return ahead.length ? [{ title: '即将召开', meetings: ahead }, ...groups] : groups
}

/** What begins today or later, and what was before. */
export type Part = 'coming' | 'past'

/** Between which moments to ask for a part of the list; nothing where another part alone is wanted. */
export function spanAsked(part: Part, wanted: string, midnight: string): { from?: string; to?: string } | undefined {
  if (wanted !== 'all' && wanted !== part) return undefined
  return part === 'coming' ? { from: midnight } : { to: midnight }
}

/** Both parts in one: what began at midnight stands in either. */
export function together(coming: Meeting[], past: Meeting[]): Meeting[] {
  return [...new Map([...coming, ...past].map(one => [one.id, one])).values()]
}

const OPENS_MS = 30 * 60_000
const STAYS_OPEN_MS = 2 * 3600_000

/** Whether members can mark themselves present: from half an hour before to two hours after. */
export function isOpen(meeting: Pick<Meeting, 'status' | 'starts_at' | 'ends_at'>, now: number): boolean {
  return (
    meeting.status === 'convened' &&
    now >= Date.parse(meeting.starts_at) - OPENS_MS &&
    now <= Date.parse(meeting.ends_at) + STAYS_OPEN_MS
  )
}
