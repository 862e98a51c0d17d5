import { expect, test } from 'vitest'
import { complaints, id, REASON, said, type Field } from '@/forms/declaration'

const FIELDS: Field[] = [
  { name: 'name', label: '名称', type: 'text', required: true, max: 4 },
  { name: 'unit_id', label: '单位', type: 'find', find: async () => [] },
  { name: 'kind', label: '类型', type: 'choice', required: true, options: [] },
  REASON,
]

test('what is needed is asked for in the words of its control, what is too long is counted', () => {
  expect(complaints(FIELDS, {})).toEqual({ name: '请填写名称。', kind: '请选择类型。', reason: '请填写依据。' })
  expect(complaints(FIELDS, { name: '第一党支部', kind: 'branch', reason: ' ' })).toEqual({
    name: '名称最多4字，现在有5字。',
    reason: '请填写依据。',
  })
  expect(complaints(FIELDS, { name: '一支部', kind: 'branch', reason: '12号' })).toEqual({})
})

test('what is sent has no blanks around it, and null where nothing is said', () => {
  expect(said(FIELDS, { name: ' 一支部 ', unit_id: '', kind: 'branch' })).toEqual({
    name: '一支部',
    unit_id: null,
    kind: 'branch',
    reason: null,
  })
  expect([id('12'), id(''), id(null)]).toEqual([12, null, null])
})
