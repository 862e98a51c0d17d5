import type { Me, Registration } from '@app/api'

const OUTSIDE = '本市以外'

/** Where somebody is registered, by name: a community of the city, or the place outside it. */
export const placeOf = (one: Registration): string => one.community?.name ?? one.external_place ?? OUTSIDE

/** What the profile says of it; undefined: nothing stands. */
export const standsAt = (me: Me | undefined): string | undefined => me?.registration ? me.registration.community?.name ?? OUTSIDE : undefined
