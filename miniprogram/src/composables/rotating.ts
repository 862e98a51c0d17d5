import type { CheckInCode } from '@app/api'
import { onHide, onUnload } from '@dcloudio/uni-app'
import { ref } from 'vue'
import { usePage } from './page'

/** A code that changes: the server says when the next is due, so that a phone whose clock is off shows that one. */
export function useRotatingCode(load: (id: number) => Promise<CheckInCode>) {
  const code = ref<CheckInCode>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  const life = usePage(async query => {
    stop()
    code.value = await load(Number(query.id) || 0)
    timer = setTimeout(() => {
      void life.reload()
    }, code.value.refresh_after * 1000)
  })
  onHide(stop)
  onUnload(stop)
  return { code, life }
}
