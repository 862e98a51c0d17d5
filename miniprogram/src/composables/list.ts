import { onReachBottom } from '@dcloudio/uni-app'
import { computed, ref, shallowRef } from 'vue'
import { problemOf, type Problem } from '@/logic/problems'

interface Slice<T> {
  items: T[]
  next_cursor?: string | null
}

/** A list that pages by cursor when asked to. `start` belongs into the page's first round of calls. */
export function useSlices<T extends { id: number } | { code: string }>(fetch: (cursor?: string) => Promise<Slice<T>>) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>()
  const problem = ref<Problem>()
  const busy = ref(false)
  let generation = 0

  async function start() {
    const mine = ++generation
    const first = await fetch()
    if (mine !== generation) return
    items.value = first.items
    cursor.value = first.next_cursor
    problem.value = undefined
  }
  async function more() {
    if (busy.value || !cursor.value) return
    busy.value = true
    const mine = generation
    try {
      const next = await fetch(cursor.value)
      if (mine !== generation) return
      items.value = [...items.value, ...next.items]
      cursor.value = next.next_cursor
      problem.value = undefined
    } catch (error) {
      problem.value = problemOf(error)
    } finally {
      busy.value = false
    }
  }
  return { items, start, more, busy, problem, complete: computed(() => !cursor.value) }
}
/** The same as one scrolls. */
export function useList<T extends { id: number } | { code: string }>(fetch: (cursor?: string) => Promise<Slice<T>>) {
  const list = useSlices(fetch)
  onReachBottom(list.more)
  return list
}
export type List<T extends { id: number } | { code: string }> = ReturnType<typeof useList<T>>
