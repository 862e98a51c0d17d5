import type { Registration } from '@app/api'

export interface OfferText {
  skills: string
  availability: string
}

/** `医疗、维修` as the API wants it. */
export function offerOf(text: OfferText) {
  return { skills: text.skills.split(/[、,，;；\s]+/).filter(Boolean), availability: text.availability.trim() }
}

export function textOf(registration: Registration | undefined): OfferText {
  return { skills: (registration?.skills ?? []).join('、'), availability: registration?.availability ?? '' }
}
