import type { components } from '@app/api'
import { ROLES } from '@app/words'
import { api } from '@/api'
import { id, type Act, type Field, type Values } from '@/forms/declaration'
import { findAreas, findOrganizations, findUnits } from '@/lists/finders'
import { choices } from '@/logic/words'

type Held = components['schemas']['HeldAppointmentOut']
type Role = components['schemas']['AppointmentIn']['role']
const WHY: Field = { name: 'reason', label: '理由', type: 'text', required: true, max: 200, hint: '双方都能看到。' }

/** What may be done with an appointment. */
export function actsOf(row: Held): Act[] {
  const path = { appointment_id: row.id }
  return [
    {
      step: 'approval',
      title: '同意',
      note: `${row.holder.name}任${row.place}的${row.role_name}。同意后按任期生效。`,
      fields: [],
      send: () => api.post('/api/v1/appointments/{appointment_id}/approval', { path }),
    },
    {
      step: 'refusal',
      title: '不同意',
      note: '提名退回，不生效。',
      fields: [WHY],
      send: said => api.post('/api/v1/appointments/{appointment_id}/refusal', { path, body: { reason: said.reason! } }),
    },
    {
      step: 'withdrawal',
      title: '撤回',
      note: '撤回提名，不再等待审批。',
      fields: [],
      send: () => api.post('/api/v1/appointments/{appointment_id}/withdrawal', { path }),
    },
    {
      step: 'ending',
      title: '免去',
      note: '从现在起不再有这一职责的权限。',
      fields: [WHY],
      send: said => api.post('/api/v1/appointments/{appointment_id}/ending', { path, body: { reason: said.reason! } }),
    },
  ]
}

/** Propose who is to hold which role over what; another approves it. */
export const proposing: Act = {
  step: 'proposing',
  title: '提名任职',
  note: '一人提名，另一人审批。区划、党组织、单位三项中填写一项。党员填写姓名和手机号码，工作账号填写账号编号。',
  fields: [
    { name: 'role', label: '职责', type: 'choice', required: true, options: choices(ROLES) },
    { name: 'name', label: '党员姓名', type: 'text', max: 30 },
    { name: 'phone', label: '党员手机号码', type: 'text', max: 20 },
    { name: 'account_id', label: '工作账号编号', type: 'text', max: 12 },
    { name: 'area_code', label: '区划', type: 'find', find: findAreas },
    { name: 'organization_id', label: '党组织', type: 'find', find: findOrganizations() },
    { name: 'unit_id', label: '单位', type: 'find', find: findUnits },
    { name: 'starts_on', label: '开始日期', type: 'date', hint: '不填为今天。' },
    { name: 'ends_on', label: '届满日期', type: 'date' },
  ],
  send: said =>
    api.post('/api/v1/appointments', {
      body: {
        role: said.role as Role,
        member: memberOf(said),
        account_id: id(said.account_id),
        area_code: said.area_code ?? null,
        organization_id: id(said.organization_id),
        unit_id: id(said.unit_id),
        starts_on: said.starts_on ?? null,
        ends_on: said.ends_on ?? null,
      },
    }),
}
const memberOf = ({ name, phone }: Values) => (name || phone ? { name: name ?? '', phone: phone ?? '' } : null)
