const NAME = 'token'
let held: string | undefined

/** The session's token: one of the two things the app keeps on the phone. */
export const token = {
  get(): string | undefined {
    held ??= (uni.getStorageSync(NAME) as string) || undefined
    return held
  },
  set(value: string) {
    held = value
    uni.setStorageSync(NAME, value)
  },
  clear() {
    held = undefined
    uni.removeStorageSync(NAME)
  },
}
