import { ref } from 'vue'
import { leaves } from '@/logic/leaving'
import { problemOf, type Problem } from '@/logic/problems'

/** Choices above a list. Each is asked for, however quickly one follows another: the list shows the last. */
export function useFilter(start: () => Promise<void>) {
  const problem = ref<Problem>()

  async function show(change: () => void) {
    change()
    try {
      await start()
      problem.value = undefined
    } catch (error) {
      if (!leaves(error)) problem.value = problemOf(error)
    }
  }
  return { problem, show }
}
