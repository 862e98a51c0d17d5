import { shallowRef } from 'vue'

/** Whether it is being asked who sits there; the dialog is open while it is. */
export const asking = shallowRef(false)
let asked: Promise<boolean> | undefined
let settle: (proven: boolean) => void

/** Ask once for all calls that wait for it; true once it is proven, false where nobody did. */
export function prove(): Promise<boolean> {
  asked ??= new Promise(resolve => {
    settle = resolve
    asking.value = true
  })
  return asked
}

/** Say how it went: what waits for it goes on, or is refused as it was. */
export function settled(proven: boolean) {
  if (!asked) return
  asked = undefined
  asking.value = false
  settle(proven)
}
