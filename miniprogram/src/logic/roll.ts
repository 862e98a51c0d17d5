import type { Roll, RollLine } from '@app/api'

export type Mark = 'present' | 'excused' | 'no_show'
/** What the organiser wrote down about somebody in a shift; `key` tells the lines apart. */
export interface Kept { mark?: Mark, minutes: string }

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
  return Object.fromEntries(roll.lines.map(line => [keyOf(line), {
    mark: line.mark ?? (line.checked_in_at ? 'present' as const : undefined),
    minutes: String(line.minutes ?? minutesOf(roll, line)),
  }]))
}

export function complaintOf(roll: Roll, kept: Record<string, Kept>): string {
  const wrong = roll.lines.find((line) => {
    const { mark, minutes } = kept[keyOf(line)] ?? {}
    return mark === 'present' && !(/^\d{1,4}$/.test(minutes ?? '') && Number(minutes) > 0)
  })
  return wrong ? `请核对${wrong.member.name}的服务分钟数。` : ''
}

/** Lines as the API takes them; of whom nothing was written down nothing is said. */
export function linesOf(roll: Roll, kept: Record<string, Kept>) {
  return roll.lines.flatMap((line) => {
    const { mark, minutes } = kept[keyOf(line)] ?? {}
    if (!mark) return []
    return [{
      member_id: line.member.id, shift_id: line.shift_id, mark,
      ...(mark === 'present' && { minutes: Number(minutes), stand_in_for: line.stand_in_for?.id ?? null }),
    }]
  })
}
