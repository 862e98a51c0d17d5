const NAME = 'draft'
interface Draft { form: string, values: unknown }

/** What was typed into the open form: the other thing kept on the phone, one form at a time. */
export const draft = {
  of(form: string): unknown {
    const kept = uni.getStorageSync(NAME) as Draft | ''
    return kept && kept.form === form ? kept.values : undefined
  },
  keep(form: string, values: unknown) {
    uni.setStorageSync(NAME, { form, values } satisfies Draft)
  },
  clear() {
    uni.removeStorageSync(NAME)
  },
}
