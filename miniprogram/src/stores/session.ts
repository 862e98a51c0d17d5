import type { Appointment, Me } from '@app/api'
import { defineStore } from 'pinia'
import { api } from '@/api'
import { choose } from '@/api/sign-in-code'
import { token } from '@/api/token'
import { draft } from './draft'
import { useEntered } from './entered'

type Role = Appointment['role']
export const OFFICERS: readonly Role[] = ['street_officer', 'district_officer', 'city_officer']

let loading: Promise<Me> | undefined

/** Who is signed in. Filled by the first page that asks, kept until signing out. */
export const useSession = defineStore('session', {
  state: () => ({ me: undefined as Me | undefined }),
  getters: {
    appointments: state => state.me?.appointments ?? [],
    community(): string | undefined {
      return this.appointments.find(one => one.role === 'community_secretary')?.area_code
    },
    ledBranch(): number | undefined {
      return this.appointments.find(one => one.role === 'branch_secretary')?.organization_id ?? undefined
    },
    contactOf(): number | undefined {
      return this.appointments.find(one => one.role === 'unit_contact')?.unit_id ?? undefined
    },
    gridOf(): string | undefined {
      return this.appointments.find(one => one.role === 'grid_worker')?.area_code ?? undefined
    },
    officerArea(): string | undefined {
      return this.appointments.find(one => OFFICERS.includes(one.role))?.area_code
    },
    /** Whether anything can wait for this person's decision; true as long as nobody has asked. */
    decides(): boolean {
      return (
        !this.me ||
        Boolean(this.community ?? this.ledBranch) ||
        this.officerArea !== undefined ||
        this.deputyOf !== undefined
      )
    },
    /** A branch the person is deputy secretary of: a link there may wait for a second person. */
    deputyOf(): number | undefined {
      return this.me?.posts.find(one => one.kind === 'deputy_secretary')?.organization_id
    },
    largeType: state => Boolean(state.me?.large_type),
  },
  actions: {
    /** Raises ApiError, NoAnswer. */
    load(): Promise<Me> {
      const asked = api.get('/api/v1/me').then(me => (this.me = me))
      loading = asked
      return asked.finally(() => {
        if (loading === asked) loading = undefined
      })
    },
    /** Who is signed in, asked at most once: of a call that is under way the answer is awaited. */
    async ensure(): Promise<Me> {
      return this.me ?? loading ?? this.load()
    },
    async signIn(code: string) {
      token.set((await api.post('/api/v1/sessions', { body: { code } })).token)
      choose(code)
      await this.load()
    },
    /** Say whether the community may see one's number. */
    async sharePhone(agreed: boolean) {
      await api.put('/api/v1/me/phone-to-community', { body: { agreed } })
      await this.load()
    },
    /** Neither token nor draft stays on the phone, whether or not the server could be told. */
    async signOut() {
      try {
        await api.delete('/api/v1/sessions/current')
      } finally {
        token.clear()
        draft.clear()
        choose(undefined)
        useEntered().$reset()
        this.me = undefined
      }
    },
  },
})
