import {
  getCurrentInstance,
  inject,
  nextTick,
  onMounted,
  onUnmounted,
  provide,
  ref,
  watch,
  type InjectionKey,
  type Ref,
} from 'vue'
// #ifdef H5
import { comeTo } from '@/browser'
// #endif

interface Field {
  wrong: () => boolean
  top: () => Promise<number>
  come: (top: number) => void
}
type Board = Set<Field>

const BOARD: InjectionKey<Board> = Symbol('board')
const UNFOLD: InjectionKey<() => void> = Symbol('unfold')
export const FOCUSED: InjectionKey<Ref<boolean>> = Symbol('focused')
/** How much of what stands above a field is left to be seen. */
const ABOVE_PX = 96
const boards = new WeakMap<object, Board>()

/** The fields below this page or sheet: where to go when something is missing. One board for all forms on it. */
export function useBoard() {
  const here = getCurrentInstance()
  if (!here) return { comeToFirst: async () => {} } // outside of any page there is nowhere to go
  const board: Board = boards.get(here) ?? new Set()
  if (!boards.has(here)) {
    boards.set(here, board)
    provide(BOARD, board)
  }
  async function comeToFirst() {
    await nextTick()
    const places = await Promise.all(
      [...board].filter(one => one.wrong()).map(async one => ({ one, top: await one.top() })),
    )
    const first = places.sort((a, b) => a.top - b.top)[0]
    first?.one.come(first.top)
  }
  return { comeToFirst }
}

/** Whatever folds fields away opens when one of them has a complaint. */
export const useFold = (open: () => void) => provide(UNFOLD, open)

/** Something that can be complained of; `selector` is its outermost element. */
export function useField(selector: string, complaint: () => string | undefined) {
  const self = getCurrentInstance()!
  const board = inject(BOARD, undefined)
  const unfold = inject(UNFOLD, undefined)
  const focused = ref(false)
  provide(FOCUSED, focused)

  const top = () =>
    new Promise<number>(resolve =>
      uni
        .createSelectorQuery()
        .in(self.proxy)
        .select(selector)
        .boundingClientRect(found => {
          resolve((found as UniApp.NodeInfo | null)?.top ?? Infinity)
        })
        .exec(),
    )

  function come(at: number) {
    // #ifdef H5
    comeTo(self.proxy!.$el as HTMLElement)
    // #endif
    // #ifndef H5
    uni
      .createSelectorQuery()
      .selectViewport()
      .scrollOffset(page => {
        uni.pageScrollTo({
          scrollTop: Math.max(0, (page as UniApp.NodeInfo).scrollTop! + at - ABOVE_PX),
          duration: 200,
        })
      })
      .exec()
    focused.value = false
    void nextTick(() => {
      focused.value = true
    })
    // #endif
  }
  const field: Field = { wrong: () => Boolean(complaint()), top, come }
  onMounted(() => board?.add(field))
  onUnmounted(() => board?.delete(field))
  watch(
    complaint,
    text => {
      if (text) unfold?.()
    },
    { flush: 'sync' },
  )
}
