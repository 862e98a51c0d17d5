import type { Attachment, Demand } from '@app/api'

/** A way to say no: what it is called, ready sentences, and what is sent. */
export interface Refusal {
  label: string
  done: string
  phrases: readonly string[]
  codes?: Readonly<Record<string, string>>
  send: (reason: string, code: string) => Promise<unknown>
}
/** One thing that waits for a decision, however it came. */
export interface Item {
  subject: string
  kind: string
  who: string
  lines: string[]
  due?: string
  /** What one tap does; a delivery, a demand and a link application ask something first. */
  accept?: { label: string; done: string; send: () => Promise<unknown> }
  ask?: 'completion' | 'roster' | 'triage'
  demand?: Demand
  /** A page on which it is decided. */
  open?: { label: string; url: string }
  attachments?: Attachment[]
  id: number
  refusals: Refusal[]
}
