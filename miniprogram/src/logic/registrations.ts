import type { Me, Registration } from '@app/api'
import { day, shortDay } from './shanghai'
import { stepsOf, type Step } from './timeline'
import { END_REASONS, PAUSE_REASONS, REQUESTS } from './words'

const OUTSIDE = '本市以外'
const WAITING = ['submitted', 'returned']
const STANDING = ['active', 'paused', 'transfer_pending']

/** Where somebody is registered, by name: a community of the city, or the place outside it. */
export const placeOf = (one: Registration): string => one.community?.name ?? one.external_place ?? OUTSIDE

/** Who answers: the community's Party organisation, or of a place outside the city the home branch. */
export const receiverOf = (one: Registration): string => (one.community ? '社区党组织' : '所在党支部')

/** What the profile says of it; undefined: nothing stands. */
export const standsAt = (me: Me | undefined): string | undefined =>
  me?.registration ? (me.registration.community?.name ?? OUTSIDE) : undefined

export const waits = (one: Registration | undefined): boolean => WAITING.includes(one?.status ?? '')
export const stands = (one: Registration | undefined): boolean => STANDING.includes(one?.status ?? '')

/** The one that duties depend on: what waits first, then what stands, then what was last. */
export function primaryOf(all: Registration[]): Registration | undefined {
  const primary = all.filter(one => one.kind === 'primary')
  return primary.find(waits) ?? primary.find(stands) ?? primary[0]
}

/** `12月2日`, and that it may move while that year's holidays are not published. */
export const answerDay = (one: Registration): string =>
  `${shortDay(one.answer_due_on)}前答复${one.answer_due_provisional ? '（当年放假安排尚未公布，日期可能调整）' : ''}`

/** What to know about a registration in a sentence or two. */
export function storyOf(one: Registration): string {
  const who = receiverOf(one)
  return {
    submitted: `${who}应在${answerDay(one)}。过期未答复的，视为您已履行报到。`,
    returned: `${who}请您补充：${one.return_reason}`,
    rejected: `${who}没有接收：${one.rejection_reason}`,
    withdrawn: '您撤回了这次报到。',
    active: one.accepted_on ? `${day(one.accepted_on)}由${who}接收。` : `${who}已接收。`,
    paused: pauseOf(one),
    transfer_pending: '您已向新社区报到，接收后从这里转出。',
    ended: endOf(one),
  }[one.status]
}

function pauseOf(one: Registration): string {
  const relief = one.kind === 'primary' ? '暂停期间免于报到，志愿服务按整月减免。' : ''
  return `${one.paused_on ? `自${day(one.paused_on)}起` : ''}暂停。${relief}`
}

function endOf(one: Registration): string {
  const why = one.end_reason ? `（${END_REASONS[one.end_reason]}）` : ''
  return `${one.ended_on ? day(one.ended_on) : ''}结束${why}。${one.end_note ?? ''}`
}

/** What was asked and what became of it; empty when there is nothing to say any more. */
export function askedOf(one: Registration): string {
  const request = one.request
  if (!request) return ''
  const reasons = { ...PAUSE_REASONS, ...END_REASONS }
  const why = request.reason_code ? `（${reasons[request.reason_code as keyof typeof PAUSE_REASONS]}）` : ''
  const asked = `${REQUESTS[request.kind]}${why}`
  if (request.status === 'submitted') return `您已申请${asked}，等待${receiverOf(one)}答复。`
  if (request.status === 'refused')
    return `${receiverOf(one)}未同意${REQUESTS[request.kind]}：${request.refusal_reason}`
  return ''
}

/** How far a registration is: of most steps only the day is kept. */
export const wayOf = (one: Registration): Step[] => stepsOf(one.timeline, at => shortDay(at.slice(0, 10)))
