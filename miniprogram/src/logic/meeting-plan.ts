import type { Meeting } from '@app/api'
import { moment, plusDays, timeOf, today } from './shanghai'
import { MEETING_KINDS, type GATHERINGS } from './words'

export type Kind = keyof typeof MEETING_KINDS
export interface Somebody { id: number, name: string }
export interface Plan {
  kind: Kind
  gathering: keyof typeof GATHERINGS
  group: string
  chair?: Somebody
  recorder?: Somebody
  title: string
  mode: 'online' | 'in_person'
  date: string
  from: string
  to: string
  place: string
  agenda: string
  platform: string
  url: string
  /** In how many months, this one included. */
  months: number
}

/** An afternoon in three days: what most secretaries mean. */
export const freshPlan = (): Plan => ({
  kind: 'members_assembly', gathering: 'members', group: '', title: '', mode: 'in_person', date: plusDays(today(), 3), from: '15:00', to: '16:30', place: '', agenda: '', platform: '腾讯会议', url: '', months: 1,
})

/** The same again in three days: all of the last meeting but its day and its link. */
export const copyOf = (last: Meeting): Partial<Plan> => ({
  kind: last.kind, gathering: last.gathering, group: last.group ? String(last.group.id) : '', title: last.title,
  mode: last.mode, from: timeOf(last.starts_at), to: timeOf(last.ends_at), agenda: last.agenda.join('\n'),
  ...(last.place && { place: last.place }), ...(last.online && { platform: last.online.platform }),
  ...(last.chair && { chair: last.chair }), ...(last.recorder && { recorder: last.recorder }),
})

export function complaintsOf(plan: Plan): Record<string, string> {
  return {
    ...(plan.to <= plan.from && { ends_at: '结束时间应晚于开始时间。' }),
    ...(plan.mode === 'in_person' && !plan.place?.trim() && { place: '请填写地点，写明到哪里参加。' }),
    ...(plan.mode === 'online' && !/^https:\/\/\S+\.\S+/.test(plan.url.trim()) && { url: '请粘贴以 https:// 开头的会议链接。' }),
  }
}

export function wireOf(plan: Plan, organization: number) {
  const life = plan.kind === 'organizational_life_meeting'
  const grouped = plan.kind === 'group_meeting' || (life && plan.gathering === 'group')
  return {
    organization_id: organization,
    kind: plan.kind,
    title: plan.title.trim() || MEETING_KINDS[plan.kind],
    mode: plan.mode,
    starts_at: moment(plan.date, plan.from),
    ends_at: moment(plan.date, plan.to),
    place: plan.mode === 'in_person' ? plan.place.trim() : null,
    agenda: plan.agenda.split('\n').map(line => line.trim()).filter(Boolean),
    gathering: life ? plan.gathering : null,
    group_id: grouped && plan.group ? Number(plan.group) : null,
    chair_id: plan.chair?.id ?? null,
    recorder_id: plan.recorder?.id ?? null,
    online: plan.mode === 'online' ? { platform: plan.platform.trim() || '线上会议', url: plan.url.trim() } : null,
  }
}
