import type { Registration, RegistrationRequest } from '@app/api'
import { expect, test } from 'vitest'
import { askedOf, placeOf, primaryOf, storyOf } from '@/logic/registrations'

const registration = (part: Partial<Registration>) =>
  ({
    id: 1,
    kind: 'primary',
    status: 'active',
    community: { code: '1', name: '国贸社区' },
    answer_due_on: '2026-12-02',
    answer_due_provisional: false,
    ...part,
  }) as Registration
const asked = (part: Partial<RegistrationRequest>) =>
  ({
    id: 5,
    kind: 'pause',
    status: 'submitted',
    reason_code: 'illness',
    registration_id: 1,
    ...part,
  }) as RegistrationRequest

test('the registration that duties depend on stands first: what waits, what stands, what was', () => {
  const [ended, standing, waiting, extra] = [
    registration({ id: 1, status: 'ended' }),
    registration({ id: 2 }),
    registration({ id: 3, status: 'submitted' }),
    registration({ id: 4, kind: 'additional' }),
  ]
  expect(primaryOf([extra, waiting, standing, ended])?.id).toBe(3)
  expect(primaryOf([extra, standing, ended])?.id).toBe(2)
  expect(primaryOf([extra, ended])?.id).toBe(1)
  expect(primaryOf([extra])).toBeUndefined()
})
test('a day that may still move says so', () => {
  expect(storyOf(registration({ status: 'submitted' }))).toContain('12月2日前答复。')
  expect(storyOf(registration({ status: 'submitted', answer_due_provisional: true }))).toContain('放假安排尚未公布')
})
test('outside the city the home branch answers, and the place is named', () => {
  const outside = registration({
    status: 'returned',
    community: null,
    external_place: '湛江市海滨社区',
    return_reason: '看不清',
  })
  expect(storyOf(outside)).toBe('所在党支部请您补充：看不清')
  expect(placeOf(outside)).toBe('湛江市海滨社区')
})
test('what was asked is told while it waits and when it was refused, and then no more', () => {
  expect(askedOf(registration({ request: asked({}) as Registration['request'] }))).toBe(
    '您已申请暂停报到（因病），等待社区党组织答复。',
  )
  expect(
    askedOf(
      registration({ request: asked({ status: 'refused', refusal_reason: '请先联系' }) as Registration['request'] }),
    ),
  ).toBe('社区党组织未同意暂停报到：请先联系')
  for (const status of ['confirmed', 'withdrawn', 'dropped'] as const)
    expect(askedOf(registration({ request: asked({ status }) as Registration['request'] }))).toBe('')
})
test('an ending says when, why, and what the community wrote', () => {
  expect(
    storyOf(
      registration({ status: 'ended', ended_on: '2026-11-25', end_reason: 'left_unit', end_note: '已与单位核实。' }),
    ),
  ).toMatch(/11月25日.*结束（调离单位）。已与单位核实。/)
})
