import { onLoad } from '@dcloudio/uni-app'
import { ref, type Ref } from 'vue'
import { keepInAddress } from '@/logic/address'
import { leaves } from '@/logic/leaving'
import { problemOf, type Problem } from '@/logic/problems'
import { decoded, type Query } from './page'

/**
 * Choices above a list. Each is asked for, however quickly one follows another: the list shows the last. What is in
 * `kept` stands in the page's address under its name, so that going back, reloading and a link keep it.
 */
export function useFilter(start: () => Promise<void>, kept: Record<string, Ref<string>> = {}) {
  const problem = ref<Problem>()
  onLoad((given?: Query) => {
    const query = decoded(given)
    for (const [name, choice] of Object.entries(kept)) choice.value = query[name] || choice.value
  })

  async function show(change: () => void) {
    change()
    keepInAddress(Object.fromEntries(Object.entries(kept).map(([name, choice]) => [name, choice.value.trim()])))
    try {
      await start()
      problem.value = undefined
    } catch (error) {
      if (!leaves(error)) problem.value = problemOf(error)
    }
  }
  return { problem, show }
}
