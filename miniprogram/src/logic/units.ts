import type { Resource } from '@app/api'
import { RESOURCE_KINDS } from './words'

export interface Offer { kind: Resource['kind'], description: string, amount: string, times: string }

export const freshOffer = (): Offer => ({ kind: 'venue', description: '', amount: '', times: '' })

/** `场地：会议室一间，可容纳40人，工作日晚间` */
export const resourceLine = (one: Resource): string =>
  `${RESOURCE_KINDS[one.kind]}：${[one.description, one.amount, one.times].filter(Boolean).join('，')}`

/** What was begun and left empty is no offer. */
export const offersOf = (offers: Offer[]): Offer[] =>
  offers.map(one => ({ ...one, description: one.description.trim(), amount: one.amount.trim(), times: one.times.trim() })).filter(one => one.description)
