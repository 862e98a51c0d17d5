import type { ChangePreview, Meeting } from '@app/api'
import type { Needs } from './needs'
import { dateOf, moment, plusDays, timeOf, today } from './shanghai'
import { MEETING_KINDS, type GATHERINGS } from './words'

export type Kind = keyof typeof MEETING_KINDS
export interface Somebody {
  id: number
  name: string
}
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
  kind: 'members_assembly',
  gathering: 'members',
  group: '',
  title: '',
  mode: 'in_person',
  date: plusDays(today(), 3),
  from: '15:00',
  to: '16:30',
  place: '',
  agenda: '',
  platform: '腾讯会议',
  url: '',
  months: 1,
})

/** The same again in three days: all of the last meeting but its day and its link. */
export const copyOf = (last: Meeting): Partial<Plan> => ({
  kind: last.kind,
  gathering: last.gathering,
  group: last.group ? String(last.group.id) : '',
  title: last.title,
  mode: last.mode,
  from: timeOf(last.starts_at),
  to: timeOf(last.ends_at),
  agenda: last.agenda.join('\n'),
  ...(last.place && { place: last.place }),
  ...(last.online && { platform: last.online.platform }),
  ...(last.chair && { chair: last.chair }),
  ...(last.recorder && { recorder: last.recorder }),
})

/** A convened meeting as it stands, to be changed. */
export const planOf = (one: Meeting): Plan => ({
  ...freshPlan(),
  ...copyOf(one),
  date: dateOf(one.starts_at),
  place: one.place ?? '',
  url: one.online?.url ?? '',
})

export const complaintsOf = (plan: Plan): Needs => ({
  ends_at: plan.to <= plan.from && '结束时间应晚于开始时间。',
  place: plan.mode === 'in_person' && !plan.place?.trim() && '请填写地点，写明到哪里参加。',
  url: plan.mode === 'online' && !/^https:\/\/\S+\.\S+/.test(plan.url.trim()) && '请粘贴以 https:// 开头的会议链接。',
})

/** Whether all of it was held already, so that it is recorded and nobody called. */
export const isHeld = (plan: Plan, now: number): boolean =>
  !(plan.months > 1) && Date.parse(moment(plan.date, plan.from)) <= now

/** What is folded away, in a line: what was filled in, else what there is. */
export function foldedOf(plan: Plan, files: number): string {
  const points = pointsOf(plan).length
  const told = [
    plan.title.trim(),
    plan.chair && `主持人${plan.chair.name}`,
    plan.recorder && `记录人${plan.recorder.name}`,
    points && `议程${points}项`,
    plan.months > 1 && TIMES[plan.months],
    files && `材料${files}份`,
  ].filter(Boolean)
  return told.join('，') || '会议名称、主持人、记录人、议程、重复、材料'
}

export const TIMES: Record<number, string> = {
  1: '仅此一次',
  3: '每月一次，共3次',
  6: '每月一次，共6次',
  12: '每月一次，共12次',
}
const pointsOf = (plan: Plan) =>
  plan.agenda
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)

type Seen = { due: number; to_come: number; recorded: boolean }
interface Asked {
  title: string
  text: string
  yes: string
}

/** What is asked before anybody is told. */
export function askedBefore({ due, to_come, recorded }: Seen, months: number): Asked {
  if (recorded)
    return { title: '登记会议', text: `开会时间已过，只作登记，不通知任何人。应到${due}人。`, yes: '登记会议' }
  const past = months - to_come
  const times = months > 1 ? `每月一次，共${months}次${past > 0 ? `，其中${past}次时间已过，只作登记` : ''}。` : ''
  return { title: '召开会议', text: `${times}将通知${due}人。`, yes: `通知${due}人` }
}

/** What is asked before a change goes out. */
export function askedBeforeChange(seen: ChangePreview): Asked {
  const gone = seen.leave_lapses ? '改到这个时间后，已登记的名单和请假作废。' : ''
  const text = `${seen.changes.join('；')}。${gone}`
  return seen.due
    ? { title: '修改会议', text: `${text}\n将通知${seen.due}人。`, yes: `通知${seen.due}人` }
    : { title: '更正会议', text: `${text}\n开会时间已过，只作更正，不通知任何人。`, yes: '更正会议' }
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
    agenda: pointsOf(plan),
    gathering: life ? plan.gathering : null,
    group_id: grouped && plan.group ? Number(plan.group) : null,
    chair_id: plan.chair?.id ?? null,
    recorder_id: plan.recorder?.id ?? null,
    online: plan.mode === 'online' ? { platform: plan.platform.trim() || '线上会议', url: plan.url.trim() } : null,
  }
}

const CHANGED = ['title', 'mode', 'starts_at', 'ends_at', 'place', 'agenda', 'online'] as const
type Changed = Pick<ReturnType<typeof wireOf>, (typeof CHANGED)[number]>

/** Only what is different from how it stood: the rest stays as it is by now. */
export function changesOf(before: Plan, after: Plan): Partial<Changed> {
  const [stood, wanted] = [wireOf(before, 0), wireOf(after, 0)]
  const different = CHANGED.filter(name => JSON.stringify(stood[name]) !== JSON.stringify(wanted[name]))
  return Object.fromEntries(different.map(name => [name, wanted[name]]))
}
