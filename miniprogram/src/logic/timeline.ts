/** A step of something's way: taken, under way, to come, or where the way ended. */
export interface Step {
  label: string
  /** `11月24日 周二 09:30`, as the screen writes it. */
  when?: string
  note?: string
  state: 'done' | 'now' | 'coming' | 'stopped'
}
export const STEP_WORDS = { done: '已完成', now: '进行中', coming: '未到', stopped: '到此为止' } as const
