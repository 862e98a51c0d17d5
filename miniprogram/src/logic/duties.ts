import type { Duty } from '@app/api'
import { PERIODS } from './words'

const FULFILLED = ['met', 'met_late', 'exempt', 'not_applicable']
export const fulfilled = (duty: Duty) => FULFILLED.includes(duty.verdict)

/** What is still to do, in a sentence: `还差1次，今年还有37天。` */
export function remainder(duty: Duty): string {
  if (duty.verdict === 'exempt') return '按规定免除，不需要办理。'
  if (duty.verdict === 'not_applicable') return '目前不适用。'
  if (fulfilled(duty)) return '今年的要求已经达到。'
  const missing = duty.required - duty.done
  const gap = missing > 0 ? `还差${missing}${duty.unit}` : `每个${(PERIODS[duty.period ?? ''] ?? '').slice(1)}都要有`
  return typeof duty.remaining_days === 'number' ? `${gap}，今年还有${duty.remaining_days}天。` : `${gap}。`
}

/** A part for each time required, true where it is done; none for more than twelve. */
export function parts(duty: Duty): boolean[] {
  if (duty.required < 1 || duty.required > 12) return []
  return Array.from({ length: duty.required }, (_, index) => index < duty.done)
}

/** `1/2次` */
export const figure = (duty: Duty) => `${duty.done}/${duty.required}${duty.unit}`
