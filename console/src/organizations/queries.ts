import { computed, type Ref } from 'vue'
import { api } from '@/api'
import { named } from '@/lists/filters'
import { useEntry, usePages } from '@/lists/pages'
import { ORGANIZATION_KINDS } from '@/logic/words'

type Kind = keyof typeof ORGANIZATION_KINDS
export interface Asked {
  q: string
  kind: string
  parent_id: string
  /** Under none that one keeps. */
  top: boolean
}

/** The organisations one keeps. */
export const useOrganizations = (asked: Ref<Asked>) =>
  usePages('organizations', asked, ({ q, kind, parent_id, top }, page) =>
    api.get('/api/v1/organizations', {
      query: {
        ...page,
        ...named({ q }),
        kept: true,
        ...(kind && { kind: kind as Kind }),
        ...(parent_id && { parent_id: Number(parent_id) }),
        ...(top && { top }),
      },
    }),
  )

export const useOrganization = (id: Ref<number>) =>
  useEntry('organizations', id, () =>
    api.get('/api/v1/organizations/{organization_id}', { path: { organization_id: id.value } }),
  )

/** What stands under an organisation; under none: with which the tree begins. */
export const useChildren = (id: Ref<number | undefined>) =>
  useOrganizations(
    computed(() => ({ q: '', kind: '', parent_id: String(id.value ?? ''), top: id.value === undefined })),
  )
