import type { MeetingDetail } from '@app/api'
import type { Listed } from './marking'
import { ABSENCE_REASONS } from './words'

export type Mark = 'present' | 'excused' | 'absent'
export type Reason = keyof typeof ABSENCE_REASONS

export function marksOf(meeting: MeetingDetail): Record<string, Mark> {
  return Object.fromEntries(meeting.attendance.map(one => [one.member.id, one.status]))
}

export function reasonsOf(meeting: MeetingDetail): Record<string, Reason> {
  return Object.fromEntries(
    meeting.attendance.flatMap(one => (one.reason_code ? [[one.member.id, one.reason_code]] : [])),
  )
}

/** Those of a list, and of who is away why. */
export function peopleOf(
  due: readonly { id: number; name: string }[],
  marks: Record<string, Mark>,
  reasons: Record<string, Reason>,
): Listed[] {
  return due.map(({ id, name }) => {
    const reason = marks[id] && marks[id] !== 'present' ? reasons[id] : undefined
    return { key: String(id), name, ...(reason && reason !== 'unexplained' && { note: ABSENCE_REASONS[reason] }) }
  })
}

/** Marks as the API takes them: a list of ids for each, and why who is away is away. */
export function listOf(marks: Record<string, Mark>, reasons: Record<string, Reason> = {}) {
  const ids = (wanted: Mark) =>
    Object.entries(marks)
      .filter(([, mark]) => mark === wanted)
      .map(([id]) => Number(id))
  const away = Object.entries(reasons).filter(([id]) => marks[id] && marks[id] !== 'present')
  return {
    present: ids('present'),
    excused: ids('excused'),
    absent: ids('absent'),
    reasons: away.map(([id, reason]) => ({ member_id: Number(id), reason_code: reason })),
  }
}
