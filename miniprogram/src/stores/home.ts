import type { Claim, Duty, Meeting, MySignUp, Registration } from '@app/api'
import { defineStore } from 'pinia'
import { api } from '@/api'
import { toCome } from '@/logic/meeting-groups'
import { primaryOf } from '@/logic/registrations'
import { useSession } from './session'

/** What the home page shows: what I owe, what is next, what waits for me. One round of calls. */
export const useHome = defineStore('home', {
  state: () => ({
    duties: [] as Duty[],
    meetings: [] as Meeting[],
    registration: undefined as Registration | undefined,
    claims: [] as Claim[],
    signUps: [] as MySignUp[],
    waiting: 0,
  }),
  getters: {
    nextMeeting: state =>
      state.meetings
        .filter(one => one.status === 'convened' && Date.parse(one.ends_at) > Date.now())
        .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))[0],
    /** Where one has a place, soonest first. */
    comingSignUps: state =>
      state.signUps
        .filter(
          one =>
            one.status === 'signed_up' && one.activity.status !== 'cancelled' && Date.parse(one.ends_at) > Date.now(),
        )
        .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))
        .slice(0, 3),
    openClaims: state => state.claims.filter(one => one.can.includes('start') || one.can.includes('delivery')),
  },
  actions: {
    async load() {
      const session = useSession()
      const [, , duties, meetings, registrations, claims, signUps] = await Promise.all([
        session.load(),
        this.count(),
        api.get('/api/v1/me/duties'),
        api.get('/api/v1/me/meetings', { query: { limit: 20, status: 'convened', ...toCome() } }),
        api.get('/api/v1/me/registrations', { query: { limit: 20 } }),
        api.get('/api/v1/me/claims', { query: { limit: 20 } }),
        api.get('/api/v1/me/sign-ups', { query: { limit: 20 } }),
      ])
      this.$patch({
        duties: duties.items,
        meetings: meetings.items,
        registration: primaryOf(registrations.items),
        claims: claims.items,
        signUps: signUps.items,
      })
    },
    /** How much waits, which a resident is told as well: of the rest there is nothing to ask for one. */
    async count() {
      this.waiting = (await api.get('/api/v1/me/tasks/counts')).total
    },
  },
})
