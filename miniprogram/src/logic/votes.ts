import type { Outlook } from '@app/api'
import type { Needs } from './needs'
import { DECISIONS } from './words'

export type Decision = keyof typeof DECISIONS
export interface Named {
  name: string
  yes: string
  no: string
  abstain: string
  written_in: boolean
}
export interface VoteForm {
  kind: Decision
  title: string
  yes: string
  no: string
  abstain: string
  written_yes: string
  written_no: string
  written_abstain: string
  secret: boolean
  issued: string
  returned: string
  valid: string
  seats: string
  candidates: Named[]
}

export const freshName = (): Named => ({ name: '', yes: '', no: '', abstain: '', written_in: false })
export const freshVote = (kind: Decision): VoteForm => ({
  kind,
  title: '',
  yes: '',
  no: '',
  abstain: '',
  written_yes: '',
  written_no: '',
  written_abstain: '',
  secret: kind !== 'ordinary' && kind !== 'committee_decision',
  issued: '',
  returned: '',
  valid: '',
  seats: '1',
  candidates: [freshName(), freshName()],
})

/** By writing beforehand only absent full members speak, and only about probationary members. */
export const takesWriting = (kind: Decision) => kind === 'admission' || kind === 'conversion'

const number = (text: string) => Number(text.trim() || 0)

export function complaintsOf(vote: VoteForm): Needs {
  const election = vote.kind === 'election'
  return {
    title: !vote.title.trim() && '请写明表决的事项。',
    seats: election && !(number(vote.seats) > 0) && '请填写应选几名。',
    candidates: election && !vote.candidates.some(one => one.name.trim()) && '请填写候选人和得票数。',
  }
}

/** What the totals come to beside those who are there, as they are entered: too many are refused, fewer explained. */
export function castNote(vote: VoteForm, one: Outlook): string {
  const election = vote.kind === 'election'
  const cast = election ? number(vote.issued) : number(vote.yes) + number(vote.no) + number(vote.abstain)
  const what = election ? '发出' : '合计'
  const there = `到会有表决权的${one.present}人`
  if (!cast || cast === one.present) return ''
  if (cast > one.present) return `${what}${cast}票，超过了${there}，请核对。`
  return election
    ? `${what}${cast}票，比${there}少${one.present - cast}票。`
    : `${what}${cast}票，比${there}少${one.present - cast}票，其余按未投记录，不算赞成。`
}

/** What the API takes: totals only. */
export function wireOf(vote: VoteForm) {
  const election = vote.kind === 'election'
  const spoken = election ? {} : { yes: number(vote.yes), no: number(vote.no), abstain: number(vote.abstain) }
  const written = takesWriting(vote.kind)
    ? {
        written_yes: number(vote.written_yes),
        written_no: number(vote.written_no),
        written_abstain: number(vote.written_abstain),
      }
    : {}
  const ballots =
    vote.secret || election
      ? { issued: number(vote.issued), returned: number(vote.returned), valid: number(vote.valid) }
      : null
  const names = vote.candidates.filter(one => one.name.trim())
  const candidates = names.map(one => ({
    name: one.name.trim(),
    yes: number(one.yes),
    no: number(one.no),
    abstain: number(one.abstain),
    written_in: one.written_in,
  }))
  return {
    kind: vote.kind,
    title: vote.title.trim(),
    ...spoken,
    ...written,
    ballots,
    ...(election && { seats: number(vote.seats), candidates }),
  }
}

/** What the chair is told before a vote that can only fail. Empty: nothing. */
export function warningOf(one: Outlook): string {
  if (one.can_carry || !one.due) return ''
  const here = `有表决权应到${one.due}人，现到${one.present}人`
  if (!one.quorate) return `${DECISIONS[one.kind]}：${here}，须到会${one.least_present}人才能表决。`
  return `${DECISIONS[one.kind]}：${here}，可以开会，但须${one.least_yes}人赞成才能通过，任何事项都不能通过。`
}

/** One line of what a vote needs, for whoever enters it. */
export function needsOf(one: Outlook): string {
  const yes = one.kind === 'election' ? `得票${one.least_yes}票以上当选` : `赞成${one.least_yes}票以上通过`
  return `有表决权应到${one.due}人，实到${one.present}人；须到会${one.least_present}人，${yes}。`
}
