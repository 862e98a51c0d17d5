import { api } from '@/api'
import type { Choice } from '@/forms/declaration'

/** What a form may look for by name: all as the server answers it, nothing sorted anew. */
const LIMIT = 12

export async function findAreas(q: string): Promise<Choice[]> {
  const { items } = await api.get('/api/v1/areas', { query: { q, limit: LIMIT } })
  return items.map(one => ({ value: one.code, text: placed(one) }))
}
export async function findCommunities(q: string): Promise<Choice[]> {
  const { items } = await api.get('/api/v1/areas', { query: { q, level: 'community', limit: LIMIT } })
  return items.map(one => ({ value: one.code, text: placed(one) }))
}
/** Names of areas are not unique: where one lies tells it from the other. */
function placed(area: { name: string; district: { name: string } | null; township: { name: string } | null }) {
  const above = [area.district?.name, area.township?.name].filter(name => name && name !== area.name)
  return above.length ? `${area.name}（${above.join(' ')}）` : area.name
}

export async function findUnits(q: string): Promise<Choice[]> {
  const { items } = await api.get('/api/v1/units', { query: { q, limit: LIMIT } })
  return items.map(one => ({ value: String(one.id), text: `${one.name}（${one.community.name}）` }))
}

/** Organisations that one keeps; of all kinds, or of these. */
export const findOrganizations =
  (...kinds: string[]) =>
  async (q: string): Promise<Choice[]> => {
    // Whatever is asked beside the name, the answer is of what one keeps and not of all branches.
    const { items } = await api.get('/api/v1/organizations', { query: { q, kept: true, limit: LIMIT } })
    return items
      .filter(one => !kinds.length || kinds.includes(one.kind))
      .map(one => ({ value: String(one.id), text: one.name }))
  }
