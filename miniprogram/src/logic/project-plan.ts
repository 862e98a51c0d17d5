import type { Project } from '@app/api'
import { dateOf, plusDays, today } from './shanghai'
import type { CLAIMANTS, RISKS } from './words'

export type Claimants = keyof typeof CLAIMANTS
export type Risk = keyof typeof RISKS
export interface Plan {
  title: string
  content: string
  claimants: Claimants
  places: string
  starts: string
  ends: string
  deadline: string
  /** The moment a draft was written with: the form shows its day only. */
  until?: string
  risk: Risk
  insurance: string
  funded: boolean
}
/** What a demand gives a project to begin with. */
export interface Wanted {
  title: string
  content: string
}

/** A week to claim, a month to do it. */
export const freshPlan = (wanted?: Wanted): Plan => ({
  title: wanted?.title ?? '',
  content: wanted?.content ?? '',
  claimants: 'any',
  places: '1',
  deadline: plusDays(today(), 7),
  starts: today(),
  ends: plusDays(today(), 38),
  risk: 'low',
  insurance: '',
  funded: false,
})

/** A draft as it was written. */
export const planOf = (project: Project): Plan => ({
  title: project.title,
  content: project.content,
  claimants: project.claimants,
  places: String(project.places),
  deadline: dateOf(project.claim_deadline),
  until: project.claim_deadline,
  starts: project.starts_on,
  ends: project.ends_on,
  risk: project.risk,
  insurance: project.insurance_note,
  funded: project.funded,
})

/** `opening`: whether it is to be made public, not only kept. */
export function complaintsOf(plan: Plan, opening = true): Record<string, string> {
  return {
    ...(!plan.title.trim() && { title: '请写明需要做什么。' }),
    ...(!/^[1-9]\d{0,2}$/.test(plan.places.trim()) && { places: '请填写1到999之间的整数。' }),
    ...(plan.ends < plan.starts && { ends_on: '结束日期不能早于开始日期。' }),
    ...(plan.deadline > plan.ends && { claim_deadline: '认领截止不能晚于结束日期。' }),
    ...(opening &&
      plan.risk !== 'low' &&
      !plan.insurance.trim() && { insurance_note: '有安全风险的项目应先落实保险，请写明保险情况。' }),
  }
}

/** Claims are taken until the end of the last day. What the form does not show, the server keeps. */
export function wireOf(plan: Plan) {
  return {
    title: plan.title.trim(),
    content: plan.content.trim(),
    claimants: plan.claimants,
    places: Number(plan.places),
    starts_on: plan.starts,
    ends_on: plan.ends,
    claim_deadline: plan.until && dateOf(plan.until) === plan.deadline ? plan.until : `${plan.deadline}T23:59:59+08:00`,
    risk: plan.risk,
    funded: plan.funded,
    ...(plan.risk !== 'low' && { insurance_note: plan.insurance.trim() }),
  }
}
