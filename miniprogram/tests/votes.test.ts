import type { Outlook } from '@app/api'
import { expect, test } from 'vitest'
import { told } from '@/logic/needs'
import { castNote, complaintsOf, freshVote, needsOf, warningOf, wireOf } from '@/logic/votes'

const outlook = (part: Partial<Outlook>): Outlook => ({
  kind: 'ordinary',
  due: 10,
  present: 5,
  least_present: 5,
  least_yes: 6,
  quorate: true,
  can_carry: false,
  ...part,
})

test('the chair is warned of what cannot pass, and of nothing else', () => {
  expect(warningOf(outlook({}))).toBe(
    '一般决议：有表决权应到10人，现到5人，可以开会，但须6人赞成才能通过，任何事项都不能通过。',
  )
  expect(warningOf(outlook({ present: 4, quorate: false }))).toMatch(/须到会5人才能表决/)
  expect(warningOf(outlook({ present: 6, can_carry: true }))).toBe('')
  expect(warningOf(outlook({ due: 0, present: 0, quorate: false }))).toBe('')
})
test('more votes than people are pointed out while they are entered, and fewer explained', () => {
  const vote = { ...freshVote('ordinary'), yes: '4', no: '1' }
  expect(castNote(vote, outlook({ present: 5 }))).toBe('')
  expect(castNote(freshVote('ordinary'), outlook({}))).toBe('')
  expect(castNote({ ...vote, abstain: '1' }, outlook({ present: 5 }))).toBe(
    '合计6票，超过了到会有表决权的5人，请核对。',
  )
  expect(castNote(vote, outlook({ present: 7 }))).toBe('合计5票，比到会有表决权的7人少2票，其余按未投记录，不算赞成。')
  expect(castNote({ ...freshVote('election'), issued: '8' }, outlook({ kind: 'election', present: 9 }))).toBe(
    '发出8票，比到会有表决权的9人少1票。',
  )
})
test('an election asks for those present', () => {
  expect(needsOf(outlook({ kind: 'election', present: 8, least_present: 8, least_yes: 5 }))).toMatch(/得票5票以上当选/)
})
test('a resolution is sent by its totals, without papers unless it was secret', () => {
  const vote = { ...freshVote('ordinary'), title: ' 计划 ', yes: '6', no: '' }
  expect(wireOf(vote)).toEqual({ kind: 'ordinary', title: '计划', yes: 6, no: 0, abstain: 0, ballots: null })
})
test('written opinions go with admission and conversion only', () => {
  expect(wireOf({ ...freshVote('admission'), title: '接收', written_yes: '2', secret: false })).toMatchObject({
    written_yes: 2,
    written_no: 0,
  })
  expect(wireOf({ ...freshVote('ordinary'), title: '计划', written_yes: '2' })).not.toHaveProperty('written_yes')
})
test('an election has seats, papers and names; empty names are left out', () => {
  const vote = freshVote('election')
  expect(Object.keys(told(complaintsOf(vote)))).toEqual(['title', 'candidates'])
  vote.title = '选举支部委员'
  vote.issued = vote.returned = vote.valid = '8'
  vote.candidates[0] = { name: '甲', yes: '5', no: '', abstain: '', written_in: false }
  expect(told(complaintsOf(vote))).toEqual({})
  expect(wireOf(vote)).toEqual({
    kind: 'election',
    title: '选举支部委员',
    ballots: { issued: 8, returned: 8, valid: 8 },
    seats: 1,
    candidates: [{ name: '甲', yes: 5, no: 0, abstain: 0, written_in: false }],
  })
})
