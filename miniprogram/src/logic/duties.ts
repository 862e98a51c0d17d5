import type { Duty, DutyCheck } from '@app/api'
import { OPEN, PERIODS, VERDICTS, type Word } from './words'

const FULFILLED = ['met', 'met_late', 'exempt', 'not_applicable']
type Judged = Pick<Duty, 'verdict' | 'period' | 'required' | 'done' | 'unit' | 'remaining_days'>
export const fulfilled = (duty: Pick<Duty, 'verdict'>) => FULFILLED.includes(duty.verdict)

/** What a rule asks for one by one, where it asks for several things: these are never added up for the eye. */
export function checksOf(duty: Pick<Duty, 'checks'>): DutyCheck[] {
  const bound = duty.checks.filter(one => one.verdict !== 'not_applicable')
  return bound.length > 1 ? bound : []
}

/** A duty of one's own in a word: what is owed at once and can be made good on any day was not missed. */
export const ownWord = (duty: Duty): Word =>
  duty.verdict === 'overdue' && duty.checks.every(one => one.period === 'year') ? OPEN : VERDICTS[duty.verdict]

function daysLeft({ period, remaining_days }: Pick<Duty, 'period' | 'remaining_days'>): string | undefined {
  if (typeof remaining_days !== 'number') return undefined
  const running = PERIODS[period ?? ''] ?? '本期'
  return remaining_days ? `${running}还有${remaining_days}天` : `${running}今天截止`
}

/** What is still to do, in a sentence: `还差1次，今年还有37天。` A duty of each quarter says what the year has so far. */
export function remainder(duty: Duty): string {
  if (duty.verdict === 'exempt') return '按规定免予履行，不需要办理。'
  if (duty.verdict === 'not_applicable') return duty.why_not_applicable ?? '目前不适用。'
  if (duty.verdict === 'progress') return '只反映进展，不判定是否履行。'
  if (fulfilled(duty)) return duty.period === 'year' ? '今年的要求已经达到。' : '到目前为止的要求都已达到。'
  if (duty.verdict === 'not_due') return '尚未到期。'
  const checks = checksOf(duty)
  return checks.length ? behind(checks) : gapOf(duty)
}

function gapOf(duty: Judged): string {
  const { required, done, unit } = duty
  const gap =
    duty.period === 'year' ? `还差${required - done}${unit}` : `全年应有${required}${unit}，已有${done}${unit}`
  return [gap, daysLeft(duty)].filter(Boolean).join('，') + '。'
}

/** Which of several things are behind, which still to come: `党小组会有逾期；党课待完成，本季度还有31天。` */
function behind(checks: readonly DutyCheck[]): string {
  const titles = (some: readonly DutyCheck[]) => some.map(one => one.title).join('、')
  const late = checks.filter(one => one.verdict === 'overdue')
  const open = checks.filter(one => ['on_track', 'at_risk'].includes(one.verdict))
  const parts = [...new Set(open.map(daysLeft))].map(left =>
    [`${titles(open.filter(one => daysLeft(one) === left))}待完成`, left].filter(Boolean).join('，'),
  )
  return [late.length ? `${titles(late)}有逾期` : '', ...parts].filter(Boolean).join('；') + '。'
}

/** How one of several things stands: `正在进行，本季度还有31天`. */
export const checkWords = (check: DutyCheck): string =>
  [VERDICTS[check.verdict].text, fulfilled(check) ? '' : daysLeft(check)].filter(Boolean).join('，')

/** How a subject stands, in a line below its name. */
export function standing(one: Pick<Duty, 'verdict' | 'required' | 'done' | 'unit' | 'checks'>): string {
  const checks = checksOf(one)
  if (checks.length) return fulfilled(one) || one.verdict === 'not_due' ? '没有逾期的。' : behind(checks)
  if (one.verdict === 'progress') return `现有${one.done}${one.unit}`
  return `应有${one.required}${one.unit}，已有${one.done}${one.unit}`
}

/** A part for each time required, true where it is done; none for more than twelve. */
export function parts(duty: Duty): boolean[] {
  if (duty.required < 1 || duty.required > 12) return []
  return Array.from({ length: duty.required }, (_, index) => index < duty.done)
}

/** `1/2次` */
export const figure = (duty: Duty) =>
  duty.verdict === 'progress' ? `${duty.done}${duty.unit}` : `${duty.done}/${duty.required}${duty.unit}`

const KINDS = ['member', 'organization', 'unit', 'area']

/** What each subject owes: oneself, the branch, the unit, the areas one answers for. */
export function bySubject(duties: readonly Duty[]) {
  const found = new Map<string, Duty[]>()
  for (const duty of [...duties].sort((a, b) => KINDS.indexOf(a.subject.kind) - KINDS.indexOf(b.subject.kind))) {
    const key = `${duty.subject.kind}:${duty.subject.id}`
    found.set(key, [...(found.get(key) ?? []), duty])
  }
  return [...found.values()].map(owed => ({ kind: owed[0]!.subject.kind, name: owed[0]!.subject.name, duties: owed }))
}

/** Which duty, of whom: one rule may bind several of the areas somebody answers for. */
export const keyOf = (duty: Duty) => `${duty.rule_id}:${duty.subject.id}`

/** Where the evidence of one's own duty is. */
export function evidenceUrl(duty: Duty): string {
  const { kind, id } = duty.subject
  if (kind === 'area') return subjectUrl(duty.rule_id, id)
  const branch = kind === 'organization' ? `&branch=${id}` : ''
  return `/duties/evidence?rule=${duty.rule_id}${branch}`
}
export const subjectUrl = (rule: string, id: number) => `/duties/subject?rule=${rule}&id=${id}`
