import { expect, it } from 'vitest'
import { headingOf, isStreet, streetOf, whereOf } from '@/logic/areas'
import { sources } from './sources'

const named = (code: string, name: string) => ({ code, name })
const district = { code: '460106', level: 'district', district: null, township: null } as const
const street = { code: '460106003', level: 'township', district: named('460106', '龙华区'), township: null } as const
const community = {
  code: '460106003004',
  level: 'community',
  district: named('460106', '龙华区'),
  township: named('460106003', '金贸街道'),
} as const

it('calls a list of areas by what stands in it, whatever is being typed', () => {
  expect(headingOf([])).toBe('选择区')
  expect(headingOf([district])).toBe('选择区')
  expect(headingOf([street], district)).toBe('选择街道或镇')
  expect(headingOf([community], street)).toBe('选择社区或村')
  expect(headingOf([community])).toBe('查到的社区')
  expect(headingOf([community], district)).toBe('查到的社区')
})

it('says where a community lies that was looked up by name, and only then', () => {
  expect(whereOf(community)).toBe('龙华区 · 金贸街道')
  expect(whereOf(community, street)).toBe('')
  expect(whereOf(district)).toBe('')
})

it('knows a street by its code, and no town', () => {
  expect(['460106003', '460106003004', '460106101', '460106101001', '460106', undefined].map(streetOf)).toEqual([
    '460106003',
    '460106003',
    ...Array<undefined>(4),
  ])
  expect([undefined, '460106003', '460106003004', '460106101'].map(isStreet)).toEqual([false, true, false, false])
})

it('looks up what an address points to: no name stands in one', () => {
  const carrying = sources.filter(one => /[?&]name=|query\.name\b/.test(one.script + one.template))
  expect(carrying.map(one => one.name)).toEqual([])
})
