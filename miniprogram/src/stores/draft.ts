const INDEX = 'drafts'
const MOST = 20
const placeOf = (form: string) => `draft:${form}`

/** What was typed and not sent: the other thing kept on the phone, for each form and each subject by itself. */
export const draft = {
  of(form: string): unknown {
    return uni.getStorageSync(placeOf(form)) || undefined
  },
  keep(form: string, values: unknown) {
    const forms = kept()
    if (forms[forms.length - 1] !== form) note([...forms.filter(one => one !== form), form])
    uni.setStorageSync(placeOf(form), values)
  },
  drop(form: string) {
    note(kept().filter(one => one !== form))
    uni.removeStorageSync(placeOf(form))
  },
  clear() {
    for (const form of kept()) uni.removeStorageSync(placeOf(form))
    uni.removeStorageSync(INDEX)
  },
}

/** The forms of which something is kept, the one typed into last at the end. */
const kept = () => (uni.getStorageSync(INDEX) || []) as string[]

/** Of very many the oldest go: nobody comes back to them, and a phone's room is bounded. */
function note(forms: string[]) {
  for (const form of forms.slice(0, -MOST)) uni.removeStorageSync(placeOf(form))
  if (forms.length) uni.setStorageSync(INDEX, forms.slice(-MOST))
  else uni.removeStorageSync(INDEX)
}
