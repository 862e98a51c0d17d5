import type { Duty } from '@app/api'
import { PERIODS } from './words'

const FULFILLED = ['met', 'met_late', 'exempt', 'not_applicable']
export const fulfilled = (duty: Duty) => FULFILLED.includes(duty.verdict)

/** What is still to do, in a sentence: `还差1次，今年还有37天。` A duty of each quarter says what the year has so far. */
export function remainder(duty: Duty): string {
  if (duty.verdict === 'exempt') return '按规定免除，不需要办理。'
  if (duty.verdict === 'not_applicable') return duty.why_not_applicable ?? '目前不适用。'
  if (fulfilled(duty)) return duty.period === 'year' ? '今年的要求已经达到。' : '到目前为止的要求都已达到。'
  const { required, done, unit } = duty
  const gap =
    duty.period === 'year' ? `还差${required - done}${unit}` : `全年应有${required}${unit}，已有${done}${unit}`
  return typeof duty.remaining_days === 'number'
    ? `${gap}，${PERIODS[duty.period ?? ''] ?? '本期'}还有${duty.remaining_days}天。`
    : `${gap}。`
}

/** A part for each time required, true where it is done; none for more than twelve. */
export function parts(duty: Duty): boolean[] {
  if (duty.required < 1 || duty.required > 12) return []
  return Array.from({ length: duty.required }, (_, index) => index < duty.done)
}

/** `1/2次` */
export const figure = (duty: Duty) => `${duty.done}/${duty.required}${duty.unit}`
