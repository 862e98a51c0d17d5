import type { Claim, Project } from '@app/api'
import { shortDay } from './shanghai'

/** Claims are taken in these, while there are places and the deadline is to come. */
const TAKING = ['open', 'full', 'in_progress']

/** How a project stands, in a sentence, where its state alone does not say it. */
export function projectNews(project: Project, now: number): string {
  switch (project.status) {
    case 'draft':
      return project.return_reason ? `街道退回：${project.return_reason}` : ''
    case 'review':
      return '有安全风险或需要经费的项目，由街道审核后公布。'
    case 'cancelled':
      return `项目已取消。${project.cancel_reason ? `社区说明：${project.cancel_reason}` : ''}`
    case 'expired':
      return '项目已到期，没有完成的认领。'
    case 'done':
      return [
        project.done_on ? `${shortDay(project.done_on)}完成。` : '',
        project.evaluation_due_on ? `认领方可在${shortDay(project.evaluation_due_on)}前评价。` : '',
      ].join('')
    case 'evaluated':
      return project.done_on ? `${shortDay(project.done_on)}完成。` : ''
    default:
      return Date.parse(project.claim_deadline) > now ? '' : '认领已截止。'
  }
}

/** `2个，还有1个` */
export const placesLine = (project: Project): string =>
  [`${project.places}个，还有${project.places_left}个`, project.waiting ? `${project.waiting}人候补` : '']
    .filter(Boolean)
    .join('，')

/** What the street has a say in before claims are taken. */
export const needsReview = (plan: { risk: Project['risk']; funded: boolean }): boolean =>
  plan.funded || plan.risk !== 'low'

/** Who claimed, as far as the reader may know. */
export const claimantOf = (claim: Claim): string =>
  claim.unit
    ? [claim.unit.name, claim.member && `（${claim.member.name}）`].filter(Boolean).join('')
    : (claim.member?.name ?? '')

/** What waits for the reader is answered in the inbox. */
export const waitsFor = (claim: Claim): boolean => claim.next_step === 'acceptance' || claim.next_step === 'completion'

const OVER = ['withdrawn', 'declined', 'released', 'failed']
export const isLive = (claim: Claim): boolean => !OVER.includes(claim.status)

/** What a community's secretary looks for, and everybody else. */
export const OWN_STATES = {
  all: '全部',
  draft: '未公布',
  review: '审核中',
  open: '可认领',
  full: '名额已满',
  in_progress: '开展中',
  done: '待评价',
} as const
export const OPEN_STATES = { open: '可认领', full: '可候补', in_progress: '开展中' } as const

/** ` · 还有1个名额`, as long as that means something. */
export function placesLeft(project: Project): string {
  if (!TAKING.includes(project.status)) return ''
  return project.places_left
    ? ` · 还有${project.places_left}个名额`
    : project.waiting
      ? ` · ${project.waiting}人候补`
      : ' · 名额已满'
}
