import type { Area } from '@app/api'

type Place = Pick<Area, 'code' | 'level' | 'district' | 'township'>

const WHAT = { province: '省', city: '市', district: '区', township: '街道或镇', community: '社区或村' } as const

/** Whether a community was looked up by its name, and not come upon by going down from `here`. */
const byName = (area: Place | undefined, here: Place | undefined) =>
  area?.level === 'community' && area.township?.code !== here?.code

const STREET_DIGITS = 9
const FIRST_TOWN = 100

/** The code of the street a community lies in or a street's own; undefined for a town's: those publish no list. */
export function streetOf(code: string | undefined): string | undefined {
  const street = code?.slice(0, STREET_DIGITS) ?? ''
  return street.length === STREET_DIGITS && Number(street.slice(-3)) < FIRST_TOWN ? street : undefined
}

export const isStreet = (code: string | undefined): code is string => code !== undefined && streetOf(code) === code

/** What a list of areas is: said by what stands in it, for it may be the answer to what was asked before. */
export const headingOf = (areas: readonly Place[], here?: Place) =>
  byName(areas[0], here) ? '查到的社区' : `选择${WHAT[areas[0]?.level ?? 'district']}`

/** Names are not unique: what was looked up by name says where it lies. */
export const whereOf = (area: Place, here?: Place) =>
  byName(area, here) ? [area.district?.name, area.township?.name].filter(Boolean).join(' · ') : ''
