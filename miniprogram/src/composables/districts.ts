import { ref } from 'vue'
import { api } from '@/api'

const EVERYWHERE = { '': '全市' }
const known = ref<Record<string, string>>(EVERYWHERE)

/** The city's districts to choose from, asked for once; a list shows without them. */
export function useDistricts() {
  async function load() {
    if (Object.keys(known.value).length > 1) return
    try {
      const { items } = await api.get('/api/v1/areas', { query: { level: 'district', limit: 100 } })
      known.value = { ...EVERYWHERE, ...Object.fromEntries(items.map(one => [one.code, one.name])) }
    } catch {
      known.value = EVERYWHERE
    }
  }
  return { known, load }
}
