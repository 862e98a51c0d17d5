import { ApiError } from '@app/api'
import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useForm } from '@/composables/form'
import { complaintsOf, freshVerdict } from '@/logic/evaluation'

const phone = new Map<string, unknown>()
beforeEach(() => {
  phone.clear()
  vi.stubGlobal('uni', {
    getStorageSync: (name: string) => phone.get(name) ?? '',
    setStorageSync: (name: string, value: unknown) => {
      phone.set(name, JSON.parse(JSON.stringify(value)))
    },
    removeStorageSync: (name: string) => {
      phone.delete(name)
    },
  })
})
const blank = () => ({ title: '', place: '', turns: [] as string[] })
const open = () => effectScope(true).run(() => useForm('plan', blank()))!

test('what is missing is counted, and each complaint goes as soon as it is put right', () => {
  const form = open()
  const needs = () => ({ title: !form.values.title && '请填写名称。', place: !form.values.place && '请填写地点。' })
  expect(form.count.value).toBe(0)
  expect(form.check(needs)).toBe(false)
  expect(form.count.value).toBe(2)
  form.values.title = '清洁家园'
  expect(form.count.value).toBe(1)
  expect(form.complaint('title')).toBeUndefined()
  expect(form.complaint('place')).toBe('请填写地点。')
  form.values.place = '社区广场'
  expect(form.check(needs)).toBe(true)
})
test('a draft belongs to what it is about, and comes back to it', () => {
  const first = open()
  first.about(4, { title: '四' })
  first.values.place = '四号楼'
  first.values.turns.push('上午')
  const second = open()
  second.about(5, { title: '五' })
  expect(second.values).toEqual({ title: '五', place: '', turns: [] })
  second.values.place = '五号楼'
  const again = open()
  again.about(4, { title: '四' })
  expect(again.values).toEqual({ title: '四', place: '四号楼', turns: ['上午'] })
  expect(again.restored.value).toBe(true)
  again.about(4, { title: '别人改过' })
  expect(again.values.title).toBe('四')
  again.startOver()
  expect(again.values).toEqual({ title: '四', place: '', turns: [] })
  expect(open().restored.value).toBe(false)
})
test('what was sent is no draft any more, what was refused stays one and is counted', async () => {
  const form = open()
  form.values.title = '清洁家园'
  await form.submit(async () => {
    throw new ApiError(422, 'unprocessable_entity', '请核对。', { place: '请填写地点。' })
  })
  expect(form.count.value).toBe(1)
  expect(open().values.title).toBe('清洁家园')
  expect(await form.submit(async () => undefined)).toBe(true)
  expect(form.count.value).toBe(0)
  expect(open().values.title).toBe('')
})
test('what the server says of a field that is not shown is said all the same', async () => {
  const form = open()
  expect(form.complaint('place')).toBeUndefined() // its field is on the screen
  await form.submit(async () => {
    throw new ApiError(422, 'unprocessable_entity', '请核对。', { place: '请填写地点。', risk: '没有这一种风险。' })
  })
  expect([form.count.value, form.stray.value]).toEqual([2, ['没有这一种风险。']])
})
test("an opinion is nobody else's: neither answer is chosen beforehand, and both are asked for", () => {
  expect(freshVerdict()).toEqual({ solved: '', satisfied: '', comment: '' })
  expect(Object.values(complaintsOf(freshVerdict())).filter(Boolean)).toHaveLength(2)
  expect(Object.values(complaintsOf({ solved: 'no', satisfied: 'yes', comment: '' })).filter(Boolean)).toEqual([])
})
