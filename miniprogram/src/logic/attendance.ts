import type { MeetingDetail } from '@app/api'

export type Mark = 'present' | 'excused' | 'absent'

export function marksOf(meeting: MeetingDetail): Record<string, Mark> {
  return Object.fromEntries(meeting.attendance.map(one => [one.member.id, one.status]))
}

/** Marks as the API takes them: a list of ids for each. */
export function listOf(marks: Record<string, Mark>): Record<Mark, number[]> {
  const ids = (wanted: Mark) => Object.entries(marks).filter(([, mark]) => mark === wanted).map(([id]) => Number(id))
  return { present: ids('present'), excused: ids('excused'), absent: ids('absent') }
}
