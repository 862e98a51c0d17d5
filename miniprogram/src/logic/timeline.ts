import { day, timeOf } from './shanghai'

/** A step of something's way: taken, under way, to come, or where the way ended. */
export interface Step {
  label: string
  /** `11月24日 周二 09:30`, as the screen writes it. */
  when?: string
  note?: string
  state: 'done' | 'now' | 'coming' | 'stopped'
}
export const STEP_WORDS = { done: '已完成', now: '进行中', coming: '未到', stopped: '到此为止' } as const

interface Told { step: string, label: string, at?: string | null, state: 'done' | 'now' | 'to_come' }
/** Where a way ends before its last step. */
const ENDS = ['referred', 'declined', 'not_solvable', 'expired', 'withdrawn', 'released', 'failed', 'rejected']

/** What the server tells of a way, as the screen writes it. */
export const stepsOf = (timeline: readonly Told[]): Step[] => timeline.map(one => ({
  label: one.label,
  when: one.at ? `${day(one.at)} ${timeOf(one.at)}` : undefined,
  state: ENDS.includes(one.step) ? 'stopped' : one.state === 'to_come' ? 'coming' : one.state,
}))
