import { ref, shallowRef, watch } from 'vue'
import { problemOf, type Problem } from '@/logic/problems'

const PAUSE_MS = 300

/**
 * A sheet on which something is found by a part of its name: asked after a pause, once an open. `find` answers
 * undefined where so little was typed that nothing is looked for.
 */
export function useSeek<T>(isOpen: () => boolean, find: (q: string) => Promise<T[] | undefined>) {
  const found = shallowRef<T[]>() // undefined: nothing was looked for yet
  const problem = ref<Problem>()
  const sought = ref('')
  let typing: ReturnType<typeof setTimeout> | undefined

  async function look() {
    const q = sought.value.trim()
    try {
      const items = await find(q)
      // An answer that comes after the next letter was typed is nobody's.
      if (q !== sought.value.trim()) return
      found.value = items
      problem.value = undefined
    } catch (error) {
      problem.value = problemOf(error)
    }
  }
  function seek(name: string) {
    sought.value = name
    clearTimeout(typing)
    typing = setTimeout(look, PAUSE_MS)
  }
  watch(isOpen, open => {
    if (!open) return
    sought.value = ''
    found.value = problem.value = undefined
    void look()
  })
  return { found, problem, sought, seek }
}
