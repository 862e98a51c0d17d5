import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

/** A value once it has kept still: nobody wants an answer to half a word. */
export function useSettled<T>(source: Ref<T>, wait: number): Ref<T> {
  const settled = shallowRef(source.value) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, value => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      settled.value = value
    }, wait)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
