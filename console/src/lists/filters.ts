import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** The filters of a list stand in its address: the way back finds them, and so does who is sent it. */
export function useFilters<Name extends string>(...names: Name[]) {
  const route = useRoute()
  const router = useRouter()
  const values = computed(
    () => Object.fromEntries(names.map(name => [name, String(route.query[name] ?? '')])) as Record<Name, string>,
  )
  const set = (name: Name, value: string) => {
    const query = { ...route.query, [name]: value || undefined }
    void router.replace({ query })
  }
  return { values, set }
}

/** What is asked of the server: without what is not filtered by. */
export function named<T extends Record<string, string>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Partial<T>
}
