import type { components } from '@app/api'
import { UNIT_KINDS } from '@app/words'
import { api } from '@/api'
import { REASON, type Act, type Field, type Values } from '@/forms/declaration'
import { findCommunities, findUnits } from '@/lists/finders'
import { choices } from '@/logic/words'

type Kept = components['schemas']['KeptUnitOut']

const asked = (row?: Kept): Field[] => [
  { name: 'name', label: '名称', type: 'text', required: true, max: 60 },
  { name: 'kind', label: '类型', type: 'choice', required: true, options: choices(UNIT_KINDS) },
  {
    name: 'credit_code',
    label: '统一社会信用代码',
    type: 'text',
    max: 30,
    hint: '18位。机关内设机构等没有代码的不填。',
  },
  {
    name: 'community_code',
    label: '所在社区',
    type: 'find',
    required: true,
    find: findCommunities,
    shown: row?.community.name,
  },
  REASON,
]
const description = (said: Values) => ({
  name: said.name!,
  kind: said.kind as Kept['kind'],
  credit_code: said.credit_code ?? null,
  community_code: said.community_code!,
  reason: said.reason!,
})

/** Enter a unit. */
export const founding: Act = {
  step: 'founding',
  title: '登记单位',
  note: '登记之日起计算该单位的责任。登记前请先查找，避免重复。',
  fields: asked(),
  send: said => api.post('/api/v1/units', { body: description(said) }),
}

/** What may be done with a unit. */
export function actsOf(row: Kept): Act[] {
  const path = { unit_id: row.id }
  return [
    {
      step: 'correction',
      title: '更正',
      note: '所在社区变动的，本单位和所属党员今后计入新的社区。',
      fields: asked(row),
      start: { name: row.name, kind: row.kind, credit_code: row.credit_code, community_code: row.community.code },
      send: said => api.put('/api/v1/units/{unit_id}', { path, body: description(said) }),
    },
    {
      step: 'merging',
      title: '合并',
      note: `把${row.name}并入另一个单位：党员和党组织由它接收，${row.name}从今天起撤销。`,
      fields: [{ name: 'into_id', label: '并入', type: 'find', required: true, find: findUnits }, REASON],
      send: said =>
        api.post('/api/v1/units/{unit_id}/merging', {
          path,
          body: { into_id: Number(said.into_id), reason: said.reason! },
        }),
    },
    {
      step: 'ending',
      title: '撤销',
      note: '没有党员和党组织的单位可以撤销。撤销后内容仍然保留。',
      fields: [REASON],
      send: said => api.post('/api/v1/units/{unit_id}/ending', { path, body: { reason: said.reason! } }),
    },
  ]
}
