import type { components } from '@app/api'
import { api } from '@/api'
import { id, REASON, type Act, type Field, type Values } from '@/forms/declaration'
import { findAreas, findOrganizations, findUnits } from '@/lists/finders'
import { today } from '@/logic/shanghai'
import { choices, ORGANIZATION_KINDS } from '@/logic/words'

type Kept = components['schemas']['KeptOrganizationOut']
type Kind = components['schemas']['FoundingIn']['kind']
const ABOVE = ['committee', 'general_branch']

const placed = (row?: Kept): Field[] => [
  { name: 'name', label: '名称', type: 'text', required: true, max: 60 },
  { name: 'area_code', label: '所在区划', type: 'find', required: true, find: findAreas, shown: row?.area.name },
  { name: 'unit_id', label: '所属单位', type: 'find', find: findUnits, shown: row?.unit?.name },
  {
    name: 'governs_code',
    label: '主管区划',
    type: 'find',
    hint: '街道、社区等区划的党组织填写。',
    find: findAreas,
    shown: row?.governs?.name,
  },
]
const description = (said: Values) => ({
  name: said.name!,
  area_code: said.area_code!,
  unit_id: id(said.unit_id),
  governs_code: said.governs_code ?? null,
  reason: said.reason!,
})

/** What may be done with an organisation. */
export function actsOf(row: Kept): Act[] {
  const path = { organization_id: row.id }
  return [
    {
      step: 'correction',
      title: '更正',
      note: '更正名称、所在区划和所属单位。责任随之重新计算。',
      fields: [...placed(row), REASON],
      start: {
        name: row.name,
        area_code: row.area.code,
        unit_id: row.unit && String(row.unit.id),
        governs_code: row.governs?.code ?? null,
      },
      send: said => api.put('/api/v1/organizations/{organization_id}', { path, body: description(said) }),
    },
    {
      step: 'move',
      title: '调整隶属',
      note: '连同下级组织一起，归另一个上级组织领导。',
      fields: [
        {
          name: 'parent_id',
          label: '上级党组织',
          type: 'find',
          find: findOrganizations(...ABOVE),
          hint: '没有上级的不填。',
        },
        REASON,
      ],
      send: said =>
        api.post('/api/v1/organizations/{organization_id}/move', {
          path,
          body: { parent_id: id(said.parent_id), reason: said.reason! },
        }),
    },
    {
      step: 'merging',
      title: '合并',
      note: `把${row.name}并入另一个组织：名册和下级组织由它接收，${row.name}从今天起撤销。`,
      fields: [{ name: 'into_id', label: '并入', type: 'find', required: true, find: findOrganizations() }, REASON],
      send: said =>
        api.post('/api/v1/organizations/{organization_id}/merging', {
          path,
          body: { into_id: Number(said.into_id), reason: said.reason! },
        }),
    },
    {
      step: 'ending',
      title: '撤销',
      note: '名册上没有党员、没有下级组织的，可以撤销。撤销后内容仍然保留。',
      fields: [REASON],
      send: said =>
        api.post('/api/v1/organizations/{organization_id}/ending', { path, body: { reason: said.reason! } }),
    },
  ]
}

/** Found an organisation, below another or below none. */
export const founding = (parent?: { id: number; name: string }): Act => ({
  step: 'founding',
  title: '设立党组织',
  note: '设立之日起计算该组织的责任。',
  fields: [
    { name: 'kind', label: '类型', type: 'choice', required: true, options: choices(ORGANIZATION_KINDS) },
    {
      name: 'parent_id',
      label: '上级党组织',
      type: 'find',
      find: findOrganizations(...ABOVE),
      shown: parent?.name,
      hint: '没有上级的不填。',
    },
    ...placed(),
    { name: 'founded_on', label: '成立日期', type: 'date', required: true },
    REASON,
  ],
  start: { kind: 'branch', parent_id: parent ? String(parent.id) : null, founded_on: today() },
  send: said =>
    api.post('/api/v1/organizations', {
      body: {
        ...description(said),
        kind: said.kind as Kind,
        parent_id: id(said.parent_id),
        founded_on: said.founded_on!,
      },
    }),
})
