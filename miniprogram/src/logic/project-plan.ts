import { moment, plusDays, today } from './shanghai'
import type { CLAIMANTS } from './words'

export type Claimants = keyof typeof CLAIMANTS
export interface Plan { title: string, content: string, claimants: Claimants, places: string, starts: string, ends: string, deadline: string }

/** A week to claim, a month to do it. */
export const freshPlan = (): Plan => ({
  title: '', content: '', claimants: 'any', places: '1', deadline: plusDays(today(), 7), starts: today(), ends: plusDays(today(), 38),
})

export function complaintsOf(plan: Plan): Record<string, string> {
  return {
    ...(!plan.title.trim() && { title: '请写明需要做什么。' }),
    ...(!/^[1-9]\d{0,2}$/.test(plan.places.trim()) && { places: '请填写1到999之间的整数。' }),
    ...(plan.ends < plan.starts && { ends_on: '结束日期不能早于开始日期。' }),
  }
}

/** Claims are taken until the end of the last day. */
export function wireOf(plan: Plan, community: string) {
  return {
    community_code: community,
    title: plan.title.trim(),
    content: plan.content.trim(),
    claimants: plan.claimants,
    places: Number(plan.places),
    starts_on: plan.starts,
    ends_on: plan.ends,
    claim_deadline: moment(plan.deadline, '23:59'),
  }
}
