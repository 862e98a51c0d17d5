import { computed } from 'vue'
import { leaves } from '@/logic/leaving'
import { problemOf } from '@/logic/problems'
import { usePending } from '@/stores/pending'
import { useBoard } from './board'
import type { useForm } from './form'

type Held = Pick<ReturnType<typeof useForm>, 'busy' | 'problem' | 'submit'>
const inFront = () => getCurrentPages().slice(-1)[0]?.route

/**
 * A form of which many people are told. The server says beforehand what would happen; then it waits for an undo like a
 * decision, wherever one goes meanwhile, and what was written stays until it went out.
 */
export function useHold(form: Held, subject: () => string) {
  const pending = usePending()
  const board = useBoard()
  const held = computed(() => pending.hidden(subject()))

  /** What the server says would happen; what it refuses is said in the form, as if it had been sent. */
  async function foresee<T>(see: () => Promise<T>): Promise<T | undefined> {
    if (form.busy.value) return undefined
    form.busy.value = true
    form.problem.value = undefined
    try {
      return await see()
    } catch (error) {
      if (!leaves(error)) form.problem.value = problemOf(error)
      void board.comeToFirst()
      return undefined
    } finally {
      form.busy.value = false
    }
  }
  /** `words` say what goes out; `done` follows only where nobody has gone on to another page. */
  function hold(words: string, send: (key: string) => Promise<unknown>, done: () => void) {
    const here = inFront()
    pending.add({
      subject: subject(),
      words,
      send: () =>
        sent(send).then(() => {
          if (inFront() === here) done()
        }),
    })
  }
  async function sent(send: (key: string) => Promise<unknown>) {
    let raised: unknown
    const done = await form.submit(key =>
      send(key).catch((error: unknown) => {
        raised = error
        throw error
      }),
    )
    if (done) return
    setTimeout(() => {
      void board.comeToFirst()
    }) // the form is shown again once this has failed
    throw raised
  }
  return { held, foresee, hold, sendNow: () => pending.send(subject()) }
}
