import { describe, expect, it } from 'vitest'
import { addressWith } from '@/logic/address'

describe('the address of a list', () => {
  it('carries what was chosen, and keeps what else stands there', () => {
    expect(addressWith('/projects/list', { where: 'mine' })).toBe('/projects/list?where=mine')
    expect(addressWith('/demands/list?code=460106003004&state=open', { state: 'closed', q: '车棚' })).toBe(
      `/demands/list?code=460106003004&state=closed&q=${encodeURIComponent('车棚')}`,
    )
  })
  it('drops what was cleared', () => {
    expect(addressWith('/units/list?q=gm&kind=school', { q: '', kind: 'school' })).toBe('/units/list?kind=school')
    expect(addressWith('/units/list?q=gm', { q: '' })).toBe('/units/list')
  })
  it('lets no choice break out of its place', () => {
    expect(addressWith('/units/list', { q: 'a&b=c?d#e' })).toBe('/units/list?q=a%26b%3Dc%3Fd%23e')
  })
})
