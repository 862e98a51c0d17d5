import { describe, expect, it } from 'vitest'
import { choicesOf, frequencyTitle, periodName, periodState, seatsOf } from '@/logic/branch-life'
import { placeOf } from '@/logic/places'

const period = (
  from: string,
  held: number,
  needed: number,
  verdict: 'met' | 'overdue' | 'on_track' | 'not_due' | 'not_applicable',
) => ({ from, to: from, held, needed, verdict })

describe('the life of a branch', () => {
  it('names a period by its length', () => {
    expect(periodName(period('2026-05-01', 0, 1, 'overdue'), 'month')).toBe('5月')
    expect(periodName(period('2026-10-01', 0, 1, 'overdue'), 'quarter')).toBe('第4季度')
    expect(periodName(period('2026-01-01', 0, 1, 'overdue'), 'year')).toBe('全年')
  })
  it('says of each period in words what the sign says', () => {
    expect(periodState(period('2026-05-01', 2, 1, 'met')).words).toBe('已召开2次')
    expect(periodState(period('2026-05-01', 0, 1, 'overdue')).words).toBe('未召开')
    expect(periodState(period('2026-05-01', 0, 1, 'on_track')).words).toBe('待召开')
    expect(periodState(period('2026-05-01', 0, 1, 'not_due')).words).toBe('未到期')
    expect(periodState(period('2026-05-01', 0, 0, 'not_applicable')).words).toBe('不作要求')
    expect(periodState(period('2026-05-01', 1, 0, 'not_applicable')).words).toBe('召开1次，不作要求')
  })
  it('names the group where each owes a meeting of its own', () => {
    const row = {
      kinds: ['group_meeting'],
      title: '党小组会',
      source: '',
      rule_id: '1a',
      required: 1,
      done: 0,
      verdict: 'overdue' as const,
      periods: [],
    }
    expect(frequencyTitle({ ...row, group: { id: 1, name: '第一党小组' } })).toBe('党小组会 · 第一党小组')
    expect(frequencyTitle({ ...row, group: null })).toBe('党小组会')
  })
})

describe('the committee of a branch', () => {
  it('is chosen without its secretary and sent as a whole', () => {
    const member = (id: number) => ({ id, name: '某人' })
    const committee = {
      notes: [],
      members: [
        { member: member(1), kind: 'secretary' as const, starts_on: null },
        { member: member(2), kind: 'deputy_secretary' as const, starts_on: '2026-01-01' },
      ],
    }
    const choices = choicesOf(committee)
    expect(choices).toEqual({ 2: 'deputy_secretary' })
    expect(seatsOf({ ...choices, 3: 'committee_member', 4: 'none' })).toEqual([
      { member_id: 2, kind: 'deputy_secretary' },
      { member_id: 3, kind: 'committee_member' },
    ])
  })
})

describe('a hint to a branch', () => {
  it('leads to the list of whom to ask after', () => {
    expect(placeOf({ kind: 'absences.alert', subject: 'organization:7' })).toBe('/branch/absences?branch=7')
  })
})
