import type { Roll } from '@app/api'
import { describe, expect, it } from 'vitest'
import { complaintsOf, freshPlan, shiftsOf, wireOf } from '../src/logic/activity-plan'
import { told } from '../src/logic/needs'
import { keptOf, linesOf, listedOf, needsOf, noteOf } from '../src/logic/roll'

describe('an activity as it is drawn up', () => {
  it('ends on the next day when it ends before it begins', () => {
    const turn = { id: 7, date: '2026-12-31', from: '22:00', to: '01:00', places: '4' }
    expect(shiftsOf({ ...freshPlan(), turns: [turn] })).toEqual([
      { id: 7, starts_at: '2026-12-31T22:00:00+08:00', ends_at: '2027-01-01T01:00:00+08:00', places: 4 },
    ])
  })
  it('is of a unit or of none', () => {
    expect(wireOf(freshPlan()).unit_id).toBeNull()
    expect(wireOf({ ...freshPlan(), unit: { id: 3, name: '示范局' } }).unit_id).toBe(3)
  })
  it('says what is missing, and which shift cannot be', () => {
    const turns = [
      { id: null, date: '2026-12-31', from: '09:00', to: '09:00', places: '4' },
      { id: null, date: '2026-12-31', from: '09:00', to: '10:00', places: '0' },
    ]
    const found = complaintsOf({ ...freshPlan(), risk: 'high', turns })
    expect(Object.keys(found)).toEqual(['title', 'category', 'content', 'place', 'insurance_note', 'turn0', 'turn1'])
  })
})

const line = (id: number, more: object) => ({
  member: { id, name: `党员${id}` },
  shift_id: 1,
  sign_up_status: 'signed_up',
  checked_in_at: null,
  checked_out_at: null,
  mark: null,
  started_at: null,
  ended_at: null,
  minutes: null,
  stand_in_for: null,
  record_status: null,
  late_reason: null,
  ...more,
})
const roll = (...lines: object[]) =>
  ({
    activity: { shifts: [{ id: 1, starts_at: '2026-11-25T09:00:00+08:00', ends_at: '2026-11-25T11:00:00+08:00' }] },
    closes_on: '2026-12-09',
    lines,
  }) as unknown as Roll

describe('the list of an activity', () => {
  it('begins with who checked in, for as long as they stayed', () => {
    const found = roll(
      line(1, {}),
      line(2, { checked_in_at: '2026-11-25T08:50:00+08:00' }),
      line(3, { checked_in_at: '2026-11-25T09:30:00+08:00', checked_out_at: '2026-11-25T10:15:00+08:00' }),
      line(4, { mark: 'present', minutes: 90 }),
    )
    expect(keptOf(found)).toEqual({
      '1:1': { mark: undefined, minutes: '120' },
      '1:2': { mark: 'present', minutes: '120' },
      '1:3': { mark: 'present', minutes: '45' },
      '1:4': { mark: 'present', minutes: '90' },
    })
  })
  it('says nothing of whom nothing was written down', () => {
    const found = roll(line(1, {}), line(2, {}), line(3, {}))
    const kept = {
      '1:2': { mark: 'present' as const, minutes: '60' },
      '1:3': { mark: 'no_show' as const, minutes: '120' },
    }
    expect(linesOf(found, kept)).toEqual([
      { member_id: 2, shift_id: 1, mark: 'present', minutes: 60, stand_in_for: null },
      { member_id: 3, shift_id: 1, mark: 'no_show' },
    ])
    expect(told(needsOf(found, { '1:2': { mark: 'present', minutes: '' } }))).toEqual({
      '1:2': '请核对党员2的服务分钟数。',
    })
  })
  it('tells beside a name what is to know, and shows what was written down where nothing may be changed', () => {
    const found = roll(line(1, { checked_in_at: '2026-11-25T09:05:00+08:00' }), line(2, { mark: 'no_show' }))
    expect(noteOf(found.lines[0]!, 'present', '115')).toBe('115分钟 · 09:05签到')
    expect(
      noteOf({ ...found.lines[1]!, sign_up_status: null, stand_in_for: { id: 1, name: '党员1' } }, undefined, ''),
    ).toBe('代党员1参加')
    const kept = { ...keptOf(found), '1:2': { mark: 'excused' as const, minutes: '120' } }
    expect(listedOf(found.lines, kept, false).marks).toEqual({ '1:1': 'present', '1:2': 'excused' })
    expect(listedOf(found.lines, kept, true).marks).toEqual({ '1:1': undefined, '1:2': 'no_show' })
  })
})
