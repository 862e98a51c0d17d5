import type { Task } from '@app/api'

/** A way to say yes: its name in `can`, what it is called, and what is sent. */
export interface Consent {
  step: string
  label: string
  done: string
  send: () => Promise<unknown>
}
/** A way to say no: what it is called, ready sentences, and what is sent. */
export interface Refusal {
  step: string
  label: string
  done: string
  phrases: readonly string[]
  codes?: Readonly<Record<string, string>>
  send: (reason: string, code: string) => Promise<unknown>
}
/** What asks something first. */
export type Asking = 'completion' | 'roster' | 'triage'
/** How a kind of task is answered; without a way it is done on a page. */
export interface Ways {
  accept?: Consent
  ask?: { step: string; by: Asking }
  /** A page on which it is decided. */
  open?: { step: string; label: string; url: string }
  refusals?: Refusal[]
}
/** One thing that waits, with the ways that are open to whoever looks at it. */
export interface Item {
  subject: string
  task: Task
  accept?: Consent
  ask?: Asking
  open?: { label: string; url: string }
  refusals: Refusal[]
}
