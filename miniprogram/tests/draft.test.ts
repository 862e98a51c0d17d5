import { beforeEach, expect, test, vi } from 'vitest'
import { draft } from '@/stores/draft'

const phone = new Map<string, unknown>()
beforeEach(() => {
  phone.clear()
  vi.stubGlobal('uni', {
    getStorageSync: (name: string) => phone.get(name) ?? '',
    setStorageSync: (name: string, value: unknown) => {
      phone.set(name, value)
    },
    removeStorageSync: (name: string) => {
      phone.delete(name)
    },
  })
})

test('each form keeps its own draft, and of each subject by itself', () => {
  draft.keep('volunteering/log', { content: '清洁家园' })
  draft.keep('meetings/minutes:4', { content: '四' })
  draft.keep('meetings/minutes:5', { content: '五' })
  expect(draft.of('volunteering/log')).toEqual({ content: '清洁家园' })
  expect(draft.of('meetings/minutes:4')).toEqual({ content: '四' })
  expect(draft.of('meetings/minutes:5')).toEqual({ content: '五' })
  draft.drop('meetings/minutes:4')
  expect(draft.of('meetings/minutes:4')).toBeUndefined()
  expect(draft.of('meetings/minutes:5')).toEqual({ content: '五' })
})
test('nothing stays on the phone of what was typed once somebody signs out', () => {
  for (const form of ['a', 'b:1', 'b:2']) draft.keep(form, { text: form })
  draft.clear()
  expect(phone.size).toBe(0)
})
test('of very many drafts the oldest go', () => {
  for (let number = 0; number < 30; number += 1) draft.keep(`form:${number}`, { number })
  draft.keep('form:12', { number: 'typed into again' })
  draft.keep('form:30', { number: 30 })
  expect(draft.of('form:0')).toBeUndefined()
  expect(draft.of('form:12')).toEqual({ number: 'typed into again' })
  expect(phone.size).toBe(21)
})
