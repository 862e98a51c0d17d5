import type { ServiceRecord } from '@app/api'
import { dateOf, duration, hourOf, moment, plusDays, timeOf } from './shanghai'
import { SERVICE_CATEGORIES } from './words'

export type Category = keyof typeof SERVICE_CATEGORIES
/** What a service is kept as: a member's duty, registered volunteer service, or both. */
export const KEPT = {
  party: { is_party_service: true, is_volunteer_service: false },
  both: { is_party_service: true, is_volunteer_service: true },
  volunteer: { is_party_service: false, is_volunteer_service: true },
} as const
export type Kept = keyof typeof KEPT
/** `rest`: minutes of a break, as typed. */
export interface Facts {
  category: Category | ''
  content: string
  date: string
  from: string
  to: string
  rest?: string
}

const HOUR_MS = 3600_000

/** What most people record: two hours that ended with the last full hour, or with yesterday evening. */
export function freshFacts(now = Date.now()): Facts {
  const blank = { category: '' as const, content: '', rest: '' }
  if (Number(hourOf(now).slice(0, 2)) < 2)
    return { ...blank, date: dateOf(now - 2 * HOUR_MS), from: '20:00', to: '22:00' }
  return { ...blank, date: dateOf(now), from: hourOf(now - 2 * HOUR_MS), to: hourOf(now) }
}

export function factsOf(
  record: Pick<ServiceRecord, 'category' | 'content' | 'started_at' | 'ended_at' | 'break_min'>,
): Facts {
  return {
    category: record.category,
    content: record.content ?? '',
    date: dateOf(record.started_at),
    from: timeOf(record.started_at),
    to: timeOf(record.ended_at),
    rest: record.break_min ? String(record.break_min) : '',
  }
}

const LONGEST_NIGHT_MS = 12 * HOUR_MS

/** A patrol may end after midnight; an end much earlier than the beginning is a slip. */
const endsNextDay = (facts: Facts) =>
  facts.to < facts.from &&
  Date.parse(moment(plusDays(facts.date, 1), facts.to)) - Date.parse(moment(facts.date, facts.from)) <= LONGEST_NIGHT_MS
const endOf = (facts: Facts) => moment(endsNextDay(facts) ? plusDays(facts.date, 1) : facts.date, facts.to)

const spanOf = (facts: Facts) => (Date.parse(endOf(facts)) - Date.parse(moment(facts.date, facts.from))) / 60_000
const restOf = (facts: Facts) => Number(facts.rest?.trim() || 0)

/** `共1小时30分钟`, `次日结束，共2小时`; nothing where the times cannot be. */
export function lengthOf(facts: Facts): string {
  const minutes = spanOf(facts) - restOf(facts)
  return minutes > 0 ? `${endsNextDay(facts) ? '次日结束，' : ''}共${duration(minutes)}` : ''
}

/** What is missing or cannot be, by field, before anything is sent. */
export function complaintsOf(facts: Facts, now = Date.now()): Partial<Record<keyof Facts | 'break_min', string>> {
  return {
    ...(!facts.content.trim() && { content: '请写一句做了什么。' }),
    ...(!facts.category && { category: '请选择服务类别。' }),
    ...(spanOf(facts) <= 0
      ? { to: '结束时间应晚于开始时间。' }
      : Date.parse(endOf(facts)) > now && { to: '服务结束后才能登记，请核对时间。' }),
    ...(!/^\d{0,4}$/.test(facts.rest?.trim() ?? '')
      ? { break_min: '请填写分钟数。' }
      : restOf(facts) >= spanOf(facts) && spanOf(facts) > 0 && { break_min: '休息时间应短于服务时间。' }),
  }
}

/** What a signed slip says already need not be written again: its category stands for it. */
export const onPaper = (facts: Facts): Facts => ({
  ...facts,
  content: facts.content.trim() || SERVICE_CATEGORIES[facts.category || 'other'],
})

export function wireOf(facts: Facts) {
  return {
    category: facts.category as Category,
    content: facts.content.trim(),
    started_at: moment(facts.date, facts.from),
    ended_at: endOf(facts),
    break_min: restOf(facts),
  }
}
