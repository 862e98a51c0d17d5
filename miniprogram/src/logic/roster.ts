import type { RosterEntry } from '@app/api'
import { api } from '@/api'

const PAGE = 100

/** The whole roster of a branch, however long: whoever is chosen from it may stand on its last page. */
export async function rosterOf(branch: number): Promise<RosterEntry[]> {
  const found: RosterEntry[] = []
  let cursor: string | null | undefined
  do {
    const page = await api.get('/api/v1/organizations/{organization_id}/members', {
      path: { organization_id: branch },
      query: { limit: PAGE, cursor: cursor ?? undefined },
    })
    found.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return found
}
