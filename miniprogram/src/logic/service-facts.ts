import type { ServiceRecord } from '@app/api'
import { dateOf, duration, hourOf, moment, plusDays, timeOf } from './shanghai'
import type { SERVICE_CATEGORIES } from './words'

export type Category = keyof typeof SERVICE_CATEGORIES
/** What a service is kept as: a member's duty, registered volunteer service, or both. */
export const KEPT = {
  party: { is_party_service: true, is_volunteer_service: false },
  both: { is_party_service: true, is_volunteer_service: true },
  volunteer: { is_party_service: false, is_volunteer_service: true },
} as const
export type Kept = keyof typeof KEPT
export interface Facts { category: Category | '', content: string, date: string, from: string, to: string }

const HOUR_MS = 3600_000

/** What most people record: two hours that ended with the last full hour, or with yesterday evening. */
export function freshFacts(now = Date.now()): Facts {
  const blank = { category: '' as const, content: '' }
  if (Number(hourOf(now).slice(0, 2)) < 2) return { ...blank, date: dateOf(now - 2 * HOUR_MS), from: '20:00', to: '22:00' }
  return { ...blank, date: dateOf(now), from: hourOf(now - 2 * HOUR_MS), to: hourOf(now) }
}

export function factsOf(record: Pick<ServiceRecord, 'category' | 'content' | 'started_at' | 'ended_at'>): Facts {
  return { category: record.category, content: record.content ?? '', date: dateOf(record.started_at), from: timeOf(record.started_at), to: timeOf(record.ended_at) }
}

const LONGEST_NIGHT_MS = 12 * HOUR_MS

/** A patrol may end after midnight; an end much earlier than the beginning is a slip. */
const endsNextDay = (facts: Facts) => facts.to < facts.from
  && Date.parse(moment(plusDays(facts.date, 1), facts.to)) - Date.parse(moment(facts.date, facts.from)) <= LONGEST_NIGHT_MS
const endOf = (facts: Facts) => moment(endsNextDay(facts) ? plusDays(facts.date, 1) : facts.date, facts.to)

/** `共1小时30分钟`, `次日结束，共2小时`; nothing where the times cannot be. */
export function lengthOf(facts: Facts): string {
  const minutes = (Date.parse(endOf(facts)) - Date.parse(moment(facts.date, facts.from))) / 60_000
  return minutes > 0 ? `${endsNextDay(facts) ? '次日结束，' : ''}共${duration(minutes)}` : ''
}

/** What is missing or cannot be, by field, before anything is sent. */
export function complaintsOf(facts: Facts): Partial<Record<keyof Facts, string>> {
  return {
    ...(!facts.category && { category: '请选择服务类别。' }),
    ...(!facts.content.trim() && { content: '请写一句做了什么。' }),
    ...(!lengthOf(facts) && { to: '结束时间应晚于开始时间。' }),
  }
}

export function wireOf(facts: Facts) {
  return {
    category: facts.category as Category,
    content: facts.content.trim(),
    started_at: moment(facts.date, facts.from),
    ended_at: endOf(facts),
  }
}
