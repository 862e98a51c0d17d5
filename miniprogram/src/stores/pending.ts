import { defineStore } from 'pinia'
import { problemOf } from '@/logic/problems'

const UNDO_SECONDS = 10

/** A decision that was tapped and is not sent yet. */
export interface Decision {
  /** What it is about: `registration:18`. A second decision about the same thing is not taken. */
  subject: string
  /** What was done, for the bar: `已接收龙启的报到`. */
  words: string
  send: () => Promise<unknown>
}
interface Waiting extends Decision {
  left: number
}

// Not in the state: a screen is given numbers and words.
const timers = new Map<string, ReturnType<typeof setInterval>>()

/** Decisions wait ten seconds for an undo; leaving the app sends them at once. */
export const usePending = defineStore('pending', {
  state: () => ({
    waiting: [] as Waiting[],
    sending: [] as string[],
    failures: [] as { subject: string; text: string }[],
    sentCount: 0,
  }),
  getters: {
    last: state => state.waiting[state.waiting.length - 1],
    hidden: state => (subject: string) =>
      state.sending.includes(subject) || state.waiting.some(one => one.subject === subject),
  },
  actions: {
    add(decision: Decision) {
      if (this.hidden(decision.subject)) return
      this.failures = this.failures.filter(one => one.subject !== decision.subject)
      timers.set(
        decision.subject,
        setInterval(() => this.tick(decision.subject), 1000),
      )
      this.waiting.push({ ...decision, left: UNDO_SECONDS })
    },
    tick(subject: string) {
      const one = this.waiting.find(each => each.subject === subject)
      if (one && --one.left <= 0) void this.send(subject)
    },
    undo(subject: string) {
      this.take(subject)
    },
    take(subject: string): Waiting | undefined {
      const one = this.waiting.find(each => each.subject === subject)
      clearInterval(timers.get(subject))
      timers.delete(subject)
      this.waiting = this.waiting.filter(each => each.subject !== subject)
      return one
    },
    async send(subject: string) {
      const one = this.take(subject)
      if (!one) return
      this.sending.push(subject)
      try {
        await one.send()
        this.sentCount += 1
      } catch (error) {
        this.failures.push({ subject, text: `“${one.words}”没有成功：${problemOf(error).text}` })
      } finally {
        this.sending = this.sending.filter(each => each !== subject)
      }
    },
    async sendAll() {
      await Promise.all(this.waiting.map(one => this.send(one.subject)))
    },
  },
})
