import type { Demand, DemandList, DemandListPreview, WholeDemandList } from '@app/api'
import { isStreet } from './areas'
import { plusDays, shortDay, today } from './shanghai'
import { DEMAND_KINDS, DEMAND_SOURCES } from './words'

export type Kind = keyof typeof DEMAND_KINDS
export interface Wanted {
  kind: Kind
  title: string
  content: string
  limited: string
  by: string
  forUnit: boolean
  code: string
}

export const freshWanted = (): Wanted => ({
  kind: 'demand',
  title: '',
  content: '',
  limited: 'no',
  by: plusDays(today(), 30),
  forUnit: false,
  code: '',
})

/** A draft as it was written. */
export const wantedOf = (demand: Demand): Wanted => ({
  kind: demand.kind,
  title: demand.title,
  content: demand.content,
  limited: demand.needed_by ? 'yes' : 'no',
  by: demand.needed_by ?? plusDays(today(), 30),
  forUnit: Boolean(demand.unit),
  code: demand.beneficiary_code ?? '',
})

export const complaintsOf = (wanted: Wanted): Record<string, string> =>
  wanted.title.trim() ? {} : { title: '请用一句话写明需要什么。' }

/** `gives`: whether this person gives out the code of a household. */
export function wireOf(wanted: Wanted, gives: boolean) {
  return {
    kind: wanted.kind,
    title: wanted.title.trim(),
    content: wanted.content.trim(),
    needed_by: wanted.limited === 'yes' ? wanted.by : null,
    beneficiary_code: (gives && wanted.kind === 'micro_wish' && wanted.code.trim().toUpperCase()) || null,
  }
}

/** How a demand stands, in a sentence. */
export function demandNews(demand: Demand): string {
  const why = demand.decision_reason ?? ''
  const closed = demand.closed_on ? `${shortDay(demand.closed_on)}办结。` : ''
  switch (demand.status) {
    case 'draft':
      return '还没有提交，可以修改。'
    case 'submitted':
      return demand.mine ? '社区办理后会通知您。' : ''
    case 'accepted':
      return '社区已受理，将列入需求清单公布。'
    case 'merged':
      return `与同类需求合并办理，进展会继续告知。${why}`
    case 'referred':
      return `已转办：${why}`
    case 'declined':
      return `社区未受理：${why}`
    case 'published':
      return `${day(demand.published_on)}公布，公布期到${day(demand.expires_on)}。`
    case 'matched':
      return '已对接服务项目，正在办理。'
    case 'solved':
      return `${closed}${why}`
    case 'not_solvable':
      return `${closed}${why}`
    case 'expired':
      return '公布期满，没有单位或党员认领。如仍有需要，可以重新提出。'
    default:
      return ''
  }
}

const day = (given?: string | null) => (given ? shortDay(given) : '')

/** Who brought it; undefined where a reader must not know. */
export const sourceOf = (demand: Demand): string | undefined =>
  demand.unit?.name ?? (demand.source ? DEMAND_SOURCES[demand.source] : undefined)

/** `微心愿 · 国贸社区 · 11月28日公布`; in a community's own list its name stands nowhere. */
export const demandNote = (demand: Demand, within = false): string =>
  [
    DEMAND_KINDS[demand.kind],
    within ? '' : demand.community.name,
    demand.published_on
      ? `${shortDay(demand.published_on)}公布`
      : demand.submitted_at
        ? `${shortDay(demand.submitted_at)}提出`
        : '',
  ]
    .filter(Boolean)
    .join(' · ')

/** What a community's secretary looks for, and everybody else. */
export const DESK_STATES = {
  submitted: '待办理',
  accepted: '待公布',
  published: '已公布',
  matched: '已对接',
  ended: '已结束',
  all: '全部',
} as const
export const PUBLIC_KINDS = { all: '全部', demand: '需求', micro_wish: '微心愿' } as const

/** Which version of this year's list comes next. */
export const nextVersion = (lists: readonly { year: number; version: number }[]): number =>
  1 + Math.max(0, ...lists.filter(one => String(one.year) === today().slice(0, 4)).map(one => one.version))

/** What publishing a street's list does, before it is done. */
export const publishingOf = (next: DemandListPreview): string =>
  `汇总${next.communities.length}个社区公布的${next.size}项需求（新增${next.new}项），` +
  `作为街道今年清单第${next.version}版。公布后所有人可以看到。`

/** How much a community brings to its street's list. */
export const shareNote = ({ size, new: fresh }: DemandListPreview['communities'][number]): string =>
  fresh ? `${size}项，新增${fresh}项` : `${size}项，均已公布过`

/** In its community's own list where it is needed stands nowhere. */
export const listedNote = (one: WholeDemandList['demands'][number], area: DemandList['area']): string =>
  [DEMAND_KINDS[one.kind], one.community.code === area.code ? '' : one.community.name].filter(Boolean).join(' · ')

/** Where the list begins: for a street's officer with its own, for a community's secretary with what waits. */
export const listUrl = (publishesOf?: string, residentOf?: string): string => {
  if (isStreet(publishesOf)) return `/demands/street?code=${publishesOf}&mine=true`
  if (publishesOf) return `/demands/list?code=${publishesOf}&state=submitted`
  return residentOf ? `/demands/list?code=${residentOf}` : '/demands/list'
}
