import type { Meeting } from '@app/api'
import { dateOf } from './shanghai'

/** What is to come, soonest first; then what was, month by month, newest first. */
export function groupMeetings(meetings: Meeting[], now: number): { title: string, meetings: Meeting[] }[] {
  const begins = (one: Meeting) => Date.parse(one.starts_at)
  const ahead = meetings.filter(one => one.status === 'convened' && Date.parse(one.ends_at) > now).sort((a, b) => begins(a) - begins(b))
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

const OPENS_MS = 30 * 60_000
const STAYS_OPEN_MS = 2 * 3600_000

/** Whether members can mark themselves present: from half an hour before to two hours after. */
export function isOpen(meeting: Pick<Meeting, 'status' | 'starts_at' | 'ends_at'>, now: number): boolean {
  return meeting.status === 'convened' && now >= Date.parse(meeting.starts_at) - OPENS_MS && now <= Date.parse(meeting.ends_at) + STAYS_OPEN_MS
}
