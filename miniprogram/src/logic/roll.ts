import type { Roll, RollLine } from '@app/api'
import type { Needs } from './needs'
import { timeOf } from './shanghai'
import { SERVICE_RECORD } from './words'

export type Mark = 'present' | 'excused' | 'no_show'
/** What the organiser wrote down about somebody in a shift; `key` tells the lines apart. */
export interface Kept {
  mark?: Mark
  minutes: string
}

export const keyOf = (line: RollLine) => `${line.shift_id}:${line.member.id}`

const MINUTE_MS = 60_000

/** How long a shift is, and of whoever checked in and out how long they stayed: what the list begins with. */
export function minutesOf(roll: Roll, line: RollLine): number {
  const shift = roll.activity.shifts.find(one => one.id === line.shift_id)
  if (!shift) return 0
  const [begins, ends] = [Date.parse(shift.starts_at), Date.parse(shift.ends_at)]
  const from = line.checked_in_at ? Math.max(begins, Date.parse(line.checked_in_at)) : begins
  const to = line.checked_in_at && line.checked_out_at ? Math.min(ends, Date.parse(line.checked_out_at)) : ends
  return Math.max(1, Math.round((to - from) / MINUTE_MS))
}

/** The list as it stands; whoever checked in at the venue is filled in as present, for the organiser to confirm. */
export function keptOf(roll: Roll): Record<string, Kept> {
  return Object.fromEntries(
    roll.lines.map(line => [
      keyOf(line),
      {
        mark: line.mark ?? (line.checked_in_at ? ('present' as const) : undefined),
        minutes: String(line.minutes ?? minutesOf(roll, line)),
      },
    ]),
  )
}

/** Of whom the minutes are wrong: by the key of the line. */
export function needsOf(roll: Roll, kept: Record<string, Kept>): Needs {
  return Object.fromEntries(
    roll.lines.map(line => {
      const { mark, minutes } = kept[keyOf(line)] ?? {}
      const wrong = mark === 'present' && !(/^\d{1,4}$/.test(minutes ?? '') && Number(minutes) > 0)
      return [keyOf(line), wrong && `请核对${line.member.name}的服务分钟数。`]
    }),
  )
}

/** What is to know of somebody on the list: how they came onto it, when they were there, and how long that counts. */
export function noteOf(line: RollLine, mark: string | undefined, minutes: string | number | null): string {
  const came = line.checked_in_at
    ? `${timeOf(line.checked_in_at)}签到${line.checked_out_at ? `，${timeOf(line.checked_out_at)}签退` : ''}`
    : ''
  const how =
    line.sign_up_status === 'waiting'
      ? '候补'
      : line.sign_up_status
        ? ''
        : line.stand_in_for
          ? `代${line.stand_in_for.name}参加`
          : '未报名到场'
  const record =
    line.record_status && line.record_status !== 'confirmed' ? `记录${SERVICE_RECORD[line.record_status].text}` : ''
  const late = line.late_reason ? `街道补录：${line.late_reason}` : ''
  return [mark === 'present' && minutes ? `${minutes}分钟` : '', how, came, record, late].filter(Boolean).join(' · ')
}

/** A shift's people and marks: as they are kept here, or where nothing may be changed as they were written down. */
export function listedOf(lines: readonly RollLine[], kept: Record<string, Kept>, locked: boolean) {
  const marks = Object.fromEntries(
    lines.map(line => [keyOf(line), (locked ? line.mark : kept[keyOf(line)]?.mark) ?? undefined]),
  )
  const people = lines.map(line => {
    const key = keyOf(line)
    return {
      key,
      name: line.member.name,
      note: noteOf(line, marks[key], locked ? line.minutes : (kept[key]?.minutes ?? '')),
    }
  })
  return { people, marks }
}

/** Lines as the API takes them; of whom nothing was written down nothing is said. */
export function linesOf(roll: Roll, kept: Record<string, Kept>) {
  return roll.lines.flatMap(line => {
    const { mark, minutes } = kept[keyOf(line)] ?? {}
    if (!mark) return []
    return [
      {
        member_id: line.member.id,
        shift_id: line.shift_id,
        mark,
        ...(mark === 'present' && { minutes: Number(minutes), stand_in_for: line.stand_in_for?.id ?? null }),
      },
    ]
  })
}
