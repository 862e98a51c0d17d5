import type { Appointment, Me } from '@app/api'
import { computed, shallowRef } from 'vue'
import { api } from '@/api'
import { bearer } from '@/api/answered'
import { queries } from '@/api/queries'
import { token } from '@/api/token'

const me = shallowRef<Me>()
const appointments = computed(() => me.value?.appointments ?? [])

/** Who is signed in and what they hold. One for the whole console. */
export const session = {
  me,
  appointments,
  name: computed(() => me.value?.member?.name ?? me.value?.staff_name ?? '未关联名册'),
  /** What is offered beside the entries themselves. */
  may: computed(() => me.value?.may ?? []),
  holds: (...roles: Appointment['role'][]) => appointments.value.some(one => roles.includes(one.role)),
  load: async () => (me.value = await api.get('/api/v1/me')),
  /** Take a session that the server opened. */
  async enter(opened: string) {
    token.set(opened)
    return session.load()
  },
  /** Go on in a session opened anew, if it is the same person's; true when it is. Another's is ended at once. */
  async renew(opened: string) {
    const { member } = await api.get('/api/v1/me', { headers: bearer(opened) })
    const same = member !== null && member.id === me.value?.member?.id
    const over = same ? token.get() : opened
    if (same) token.set(opened)
    await api.delete('/api/v1/sessions/current', { headers: bearer(over) }).catch(() => undefined)
    return same
  },
  async agree(version: string) {
    await api.post('/api/v1/me/consents', { body: { notice_version: version, purposes: ['core_service'] } })
    return session.load()
  },
  /** Nothing of the last person stays, whether or not the server could be told. */
  async signOut() {
    await api.delete('/api/v1/sessions/current').catch(() => undefined)
    session.forget()
  },
  forget() {
    token.clear()
    queries.clear()
    me.value = undefined
  },
}
