import { day, timeOf } from './shanghai'

/** What the server tells of a step: taken, under way, to come, or where the way ended. */
export interface Told {
  step: string
  label: string
  at?: string | null
  state: 'done' | 'now' | 'to_come' | 'stopped'
}
/** The same as the screen writes it, `when` as `11月24日 周二 09:30` or as the thing keeps it. */
export interface Step extends Pick<Told, 'label' | 'state'> {
  when?: string
  note?: string
}
export const STEP_WORDS = { done: '已完成', now: '进行中', to_come: '未到', stopped: '到此为止' } as const

const moment = (at: string) => `${day(at)} ${timeOf(at)}`
export const stepsOf = (timeline: readonly Told[], when = moment): Step[] =>
  timeline.map(({ label, at, state }) => ({ label, state, when: at ? when(at) : undefined }))
