import type { Appointment } from '@app/api'
import { computed } from 'vue'
import { session } from '@/session/session'

type Role = Appointment['role']
export interface Place {
  to: string
  text: string
  group: string
  /** Those for whom it is there; left out: for everybody. */
  roles?: readonly Role[]
}

const DEPARTMENTS: readonly Role[] = ['city_officer', 'district_officer']
const KEEPERS: readonly Role[] = [...DEPARTMENTS, 'branch_secretary', 'unit_contact']

/** Every page there is, in the order of the side. What is not built is not listed. */
const PLACES: readonly Place[] = [
  { to: '/opening', text: '开通情况', group: '开通', roles: ['city_officer', 'system_administrator'] },
  { to: '/organizations', text: '党组织', group: '组织和人员', roles: KEEPERS },
  { to: '/units', text: '单位', group: '组织和人员', roles: [...DEPARTMENTS, 'unit_contact'] },
  { to: '/members', text: '党员名册', group: '组织和人员', roles: KEEPERS },
  { to: '/imports', text: '批量导入', group: '组织和人员', roles: KEEPERS },
  { to: '/appointments', text: '任职', group: '权限' },
  { to: '/staff-accounts', text: '工作账号', group: '权限', roles: ['security_administrator'] },
  { to: '/audit', text: '审计日志', group: '权限', roles: ['audit_administrator'] },
  { to: '/devices', text: '登录的设备', group: '本人' },
]

export const places = computed(() => PLACES.filter(one => !one.roles || session.holds(...one.roles)))
export const groups = computed(() =>
  [...new Set(places.value.map(one => one.group))].map(name => ({
    name,
    places: places.value.filter(one => one.group === name),
  })),
)
/** Where a person begins. */
export const home = () => places.value[0]?.to ?? '/nothing'
