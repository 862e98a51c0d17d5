import type { components } from '@app/api'
import { CATEGORIES } from '@app/words'
import { api } from '@/api'
import { id, REASON, type Act, type Choice, type Field, type Values } from '@/forms/declaration'
import { findOrganizations, findUnits } from '@/lists/finders'
import { choices, LEAVING } from '@/logic/words'

type Kept = components['schemas']['KeptEntryOut']
const findBranches = findOrganizations('branch', 'joint_branch')

/** Entries that one keeps, told apart by their branch. */
async function findMembers(q: string): Promise<Choice[]> {
  const { items } = await api.get('/api/v1/members', { query: { q, limit: 12 } })
  return items.map(one => ({ value: String(one.id), text: `${one.name}（${one.branch.name}）` }))
}

const details = (row?: Kept): Field[] => [
  { name: 'name', label: '姓名', type: 'text', required: true, max: 30 },
  { name: 'category', label: '党员类别', type: 'choice', required: true, options: choices(CATEGORIES) },
  {
    name: 'phone',
    label: '手机号码',
    type: 'text',
    max: 20,
    hint: row?.has_phone ? '已登记，不显示。不填则保持不变；改写后须由另一人核对才能关联。' : '用于本人关联微信。',
  },
  { name: 'unit_id', label: '所在单位', type: 'find', find: findUnits, shown: row?.unit?.name },
  { name: 'unit_since', label: '到单位日期', type: 'date' },
]
const saidDetails = (said: Values) => ({
  name: said.name!,
  category: said.category as Kept['category'],
  phone: said.phone ?? null,
  unit_id: id(said.unit_id),
  unit_since: said.unit_since ?? null,
  reason: said.reason!,
})

/** Enter somebody into a roster. */
export const entering = (branch?: { id: number; name: string }): Act => ({
  step: 'entering',
  title: '录入党员',
  note: '录入前请先查找，避免重复。组织关系从本市其他支部转来的，请在原记录上办理转接。',
  fields: [
    { name: 'branch_id', label: '党支部', type: 'find', required: true, find: findBranches, shown: branch?.name },
    ...details(),
    REASON,
  ],
  start: { branch_id: branch ? String(branch.id) : null, category: 'full' },
  send: said =>
    api.post('/api/v1/members', { body: { ...saidDetails(said), branch_id: Number(said.branch_id), group_id: null } }),
})

/** What may be done with an entry. */
export function actsOf(row: Kept): Act[] {
  const path = { member_id: row.id }
  return [
    {
      step: 'correction',
      title: '更正',
      note: '更正姓名、类别、号码和所在单位。',
      fields: [...details(row), REASON],
      start: {
        name: row.name,
        category: row.category,
        unit_id: row.unit && String(row.unit.id),
        unit_since: row.unit_since,
      },
      send: said => api.put('/api/v1/members/{member_id}', { path, body: saidDetails(said) }),
    },
    {
      step: 'move',
      title: '转接组织关系',
      note: `从今天起属于另一个党支部；此前的组织生活仍由${row.branch.name}计算。`,
      fields: [
        { name: 'branch_id', label: '转入党支部', type: 'find', required: true, find: findBranches },
        { name: 'unit_id', label: '新的所在单位', type: 'find', find: findUnits, hint: '单位不变的不填。' },
        REASON,
      ],
      send: said =>
        api.post('/api/v1/members/{member_id}/move', {
          path,
          body: {
            branch_id: Number(said.branch_id),
            group_id: null,
            unit_id: id(said.unit_id),
            reason: said.reason!,
          },
        }),
    },
    {
      step: 'merging',
      title: '并入另一条',
      note: '同一个人有两条记录的，把没有报到、服务、会议记录的一条并入另一条。',
      fields: [{ name: 'into_id', label: '并入', type: 'find', required: true, find: findMembers }, REASON],
      send: said =>
        api.post('/api/v1/members/{member_id}/merging', {
          path,
          body: { into_id: Number(said.into_id), reason: said.reason! },
        }),
    },
    {
      step: 'ending',
      title: '移出名册',
      note: '移出后，报到、任职和认领随之结束，微信不再以党员身份登录。',
      fields: [
        { name: 'code', label: '原因', type: 'choice', required: true, options: choices(LEAVING) },
        { ...REASON, hint: '如组织关系介绍信编号。不要写病情等个人情况。' },
      ],
      send: said =>
        api.post('/api/v1/members/{member_id}/ending', {
          path,
          body: { code: said.code as keyof typeof LEAVING, reason: said.reason! },
        }),
    },
  ]
}
