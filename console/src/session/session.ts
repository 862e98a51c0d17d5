import type { Appointment, Me } from '@app/api'
import { computed, shallowRef } from 'vue'
import { api } from '@/api'
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
