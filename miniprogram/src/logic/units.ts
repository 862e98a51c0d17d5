import type { Resource } from '@app/api'
import type { Needs } from './needs'
import { RESOURCE_KINDS } from './words'

export interface Offer {
  kind: Resource['kind']
  description: string
  amount: string
  times: string
}

export const freshOffer = (): Offer => ({ kind: 'venue', description: '', amount: '', times: '' })

/** `场地：会议室一间，可容纳40人，工作日晚间` */
export const resourceLine = (one: Resource): string =>
  `${RESOURCE_KINDS[one.kind]}：${[one.description, one.amount, one.times].filter(Boolean).join('，')}`

/** An amount or a time of nothing is asked about, not left out in silence. */
export const complaintsOf = (offers: Offer[]): Needs =>
  Object.fromEntries(
    offers.map((one, index) => [
      `resource${index}`,
      !one.description.trim() && Boolean(one.amount.trim() || one.times.trim()) && '请写明可以提供什么，或删去这一项。',
    ]),
  )

/** What was begun and left empty is no offer. */
export const offersOf = (offers: Offer[]): Offer[] =>
  offers
    .map(one => ({ ...one, description: one.description.trim(), amount: one.amount.trim(), times: one.times.trim() }))
    .filter(one => one.description)
