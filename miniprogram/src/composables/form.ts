import { reactive, watch } from 'vue'
import { draft } from '@/stores/draft'
import { useAction } from './action'

/** A form whose values outlive the page, the network and the app, until they are sent. */
export function useForm<T extends object>(name: string, initial: T) {
  const values = reactive({ ...initial, ...(draft.of(name) as Partial<T> | undefined) }) as T
  const action = useAction()
  let typing = true
  watch(values, () => { if (typing) draft.keep(name, { ...values }) }, { deep: true, flush: 'sync' })

  /** Put in what the server has: nobody typed it, so it is no draft. */
  function fill(given: Partial<T>) {
    typing = false
    Object.assign(values, given)
    typing = true
  }

  async function submit(send: (key: string) => Promise<unknown>): Promise<boolean> {
    const done = await action.run(send, values)
    if (done) {
      typing = false
      draft.clear()
    }
    return done
  }
  const complaint = (field: string): string | undefined => action.problem.value?.fields[field]
  return { values, fill, submit, complaint, busy: action.busy, problem: action.problem }
}
