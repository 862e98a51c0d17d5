export interface Verdict { solved: string, satisfied: string, comment: string }

export const freshVerdict = (): Verdict => ({ solved: 'yes', satisfied: 'yes', comment: '' })

export const verdictOnTheWire = (given: Verdict) => ({ solved: given.solved === 'yes', satisfied: given.satisfied === 'yes', comment: given.comment.trim() })
