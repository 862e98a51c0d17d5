import type { RegisteredMember } from '@app/api'
import { describe, expect, it } from 'vitest'
import { askedWord, offerOf, servicesHere } from '@/logic/invitations'
import { placeOf } from '@/logic/places'

const member: RegisteredMember = {
  id: 1,
  member: { id: 2, name: '王丽' },
  community: { code: '460106003004', name: '国贸社区居民委员会' },
  accepted_on: '2026-03-01',
  offer: { skills: ['急救'], interests: ['助老'], availability: '周末' },
  services: { count: 2, minutes: 150, last_on: '2026-11-20' },
  asked: null,
}

describe('a registered member whom the community may invite', () => {
  it('says what was offered and what was done here', () => {
    expect(offerOf(member)).toBe('急救 · 愿意参加：助老 · 时间：周末')
    expect(servicesHere(member)).toMatch(/^在本社区服务2次，共2小时30分钟，最近11月20日/)
    expect(servicesHere({ ...member, services: { count: 0, minutes: 0, last_on: null } })).toBe(
      '在本社区还没有服务记录',
    )
  })
  it('is not asked twice, and who cannot come says nothing more', () => {
    expect(askedWord(member)).toBeUndefined()
    expect(askedWord({ ...member, asked: 'declined' })).toBe('不方便')
  })
  it('is led from the message to the invitation, and from a reminder to the communities', () => {
    expect(placeOf({ kind: 'invitations.invited', subject: 'invitation:7' })).toBe('/registrations/invitation?id=7')
    expect(placeOf({ kind: 'registrations.nudged', subject: 'registration_nudge:3' })).toBe('/registrations/find')
  })
})
