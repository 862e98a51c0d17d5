import { ref } from 'vue'
import { newKey } from '@/api/key'
import { leaves } from '@/logic/leaving'
import { problemOf, type Problem } from '@/logic/problems'

/**
 * Something that is sent once, however often it is tapped. The same attempt keeps its key, so that a repeat after a
 * lost answer is not done twice; `run` tells whether it went through.
 */
export function useAction() {
  const busy = ref(false)
  const problem = ref<Problem>()
  let attempted = ''
  let key = newKey()

  async function run(send: (key: string) => Promise<unknown>, what: unknown = ''): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    const attempt = JSON.stringify(what)
    if (attempt !== attempted) key = newKey()
    attempted = attempt
    try {
      await send(key)
      attempted = ''
      key = newKey()
      return true
    } catch (error) {
      if (!leaves(error)) problem.value = problemOf(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
export type Action = ReturnType<typeof useAction>
