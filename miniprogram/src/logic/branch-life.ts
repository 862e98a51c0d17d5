import type { Committee, FrequencyPeriod, Frequency } from '@app/api'

/** What a period is called: `5月`, `第2季度`, `全年`. */
export function periodName(period: FrequencyPeriod, length: string): string {
  const month = Number(period.from.slice(5, 7))
  if (length === 'month') return `${month}月`
  return length === 'quarter' ? `第${(month + 2) / 3}季度` : '全年'
}

/** What a period says: in short for the eye, in full for the ear. */
export function periodState(period: FrequencyPeriod): { short: string; words: string; tone: string } {
  const held = `${period.held}次`
  if (period.needed === 0) {
    return period.held
      ? { short: held, words: `召开${held}，不作要求`, tone: 'plain' }
      : { short: '不要求', words: '不作要求', tone: 'plain' }
  }
  if (period.held >= period.needed) return { short: held, words: `已召开${held}`, tone: 'good' }
  if (period.verdict === 'overdue') return { short: '未召开', words: '未召开', tone: 'warn' }
  return period.verdict === 'not_due'
    ? { short: '', words: '未到期', tone: 'plain' }
    : { short: '待召开', words: '待召开', tone: 'wait' }
}

export const frequencyTitle = (row: Frequency) => (row.group ? `${row.title} · ${row.group.name}` : row.title)

const KINDS = { secretary: '书记', deputy_secretary: '副书记', committee_member: '委员' } as const
export type Seat = keyof typeof KINDS
export const seatName = (kind: string) => KINDS[kind as Seat] ?? ''

/** What a member may be chosen for; the secretary is appointed. */
export const SEATS = { none: '不担任', committee_member: '委员', deputy_secretary: '副书记' } as const
export type Choice = keyof typeof SEATS

/** Who sits where at present, without the secretary, whose seat is not chosen here. */
export const choicesOf = (committee: Committee): Record<number, Choice> =>
  Object.fromEntries(
    committee.members.filter(one => one.kind !== 'secretary').map(one => [one.member.id, one.kind as Choice]),
  )

/** The whole list, as it is sent. */
export const seatsOf = (choices: Record<number, Choice>) =>
  Object.entries(choices)
    .filter(([, kind]) => kind !== 'none')
    .map(([id, kind]) => ({ member_id: Number(id), kind: kind as Exclude<Choice, 'none'> }))
