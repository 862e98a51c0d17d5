import { reactive, ref, watch } from 'vue'
import { draft } from '@/stores/draft'
import { useAction } from './action'
import { useChecks } from './checks'

type Subject = string | number

/**
 * A form whose values outlive the page, the network and the app, until they are sent: for each subject by itself. What
 * holds somebody else's number is not `kept`.
 */
export function useForm<T extends object>(name: string, initial: T, { kept = true } = {}) {
  const action = useAction()
  const checks = useChecks(() => action.problem.value?.fields)
  const restored = ref(false)
  let subject: Subject = ''
  let given: Partial<T> = {}
  let typing = true
  const place = () => (subject === '' ? name : `${name}:${subject}`)
  const values = reactive(fresh(initial)) as T
  restore()
  watch(
    values,
    () => {
      if (typing && kept) draft.keep(place(), { ...values })
    },
    { deep: true, flush: 'sync' },
  )

  /** Put in what the server has: nobody typed it, so it is no draft. */
  function fill(part: Partial<T>) {
    typing = false
    Object.assign(values, part)
    typing = true
  }
  function restore() {
    const typed = kept ? (draft.of(place()) as Partial<T> | undefined) : undefined
    restored.value = Boolean(typed)
    fill({ ...fresh(initial), ...fresh(given), ...typed })
  }
  /**
   * Turn to what the form is about: what was typed of it before, else what is given. A page that loads anew changes
   * nothing.
   */
  function about(whose: Subject, known: Partial<T> = {}) {
    if (whose === subject) return
    subject = whose
    given = known
    restore()
  }
  /** Begin again with what is known, for somebody who does not want their draft. */
  function startOver() {
    draft.drop(place())
    checks.forget()
    action.problem.value = undefined
    restore()
  }
  async function submit(send: (key: string) => Promise<unknown>): Promise<boolean> {
    const done = await action.run(send, values)
    if (done) {
      typing = restored.value = false
      checks.forget()
      draft.drop(place())
    } else if (checks.count.value) {
      void checks.comeToFirst()
    }
    return done
  }
  const { check, complaint, count, stray } = checks
  return {
    values,
    about,
    fill,
    startOver,
    check,
    submit,
    complaint,
    count,
    stray,
    restored,
    busy: action.busy,
    problem: action.problem,
  }
}
export type Form = Pick<ReturnType<typeof useForm>, 'busy' | 'problem' | 'count' | 'stray' | 'restored' | 'startOver'>

/** Each start has its own lists; what is undefined stays a value that can be put back. */
const fresh = <T extends object>(of: T): T => ({ ...of, ...(JSON.parse(JSON.stringify(of)) as T) })
