import type { Needs } from './needs'

export interface Verdict {
  solved: string
  satisfied: string
  comment: string
}

/** Nothing is chosen: how it went is for whoever says it. */
export const freshVerdict = (): Verdict => ({ solved: '', satisfied: '', comment: '' })

export const complaintsOf = (given: Verdict): Needs => ({
  solved: !given.solved && '请选择问题是否解决。',
  satisfied: !given.satisfied && '请选择是否满意。',
})

export const verdictOnTheWire = (given: Verdict) => ({
  solved: given.solved === 'yes',
  satisfied: given.satisfied === 'yes',
  comment: given.comment.trim(),
})
