import type { Task } from '@app/api'
import { expect, test } from 'vitest'
import { itemOf } from '@/logic/decisions'

const task = (part: Partial<Task>): Task => ({
  kind: 'registrations.answer',
  title: '报到',
  id: 18,
  subject: 'community_registration:18',
  who: '龙启',
  lines: ['申请在本社区报到'],
  due_on: null,
  since: '2026-11-24T09:30:00+08:00',
  can: [],
  next_step: 'acceptance',
  said: null,
  attachments: [],
  ...part,
})
const labels = (part: Partial<Task>) => {
  const item = itemOf(task(part))
  return [item.accept?.label ?? item.open?.label ?? item.ask, ...item.refusals.map(one => one.label)]
}

test('the buttons of a task are the steps its answer says are open, and no others', () => {
  expect(labels({ can: ['acceptance', 'return', 'rejection'] })).toEqual(['接收', '退回补充', '不接收'])
  expect(labels({ can: ['acceptance', 'rejection'] })).toEqual(['接收', '不接收'])
  expect(labels({ can: [] })).toEqual([undefined])
  const claim = { kind: 'claims.completion', subject: 'project_claim:3' }
  expect(labels({ ...claim, can: ['completion', 'return', 'failure'] })).toEqual(['completion', '请补充', '未能完成'])
})
test('what came too late is counted with a reason, what is right with one tap', () => {
  const can = ['confirmation', 'return']
  expect(labels({ kind: 'volunteering.confirmation', can })).toEqual(['确认', '退回补充'])
  expect(labels({ kind: 'volunteering.late_confirmation', can })).toEqual([undefined, '退回补充', '补录'])
})
test('a record that was voided is not voided again', () => {
  const can = ['correction', 'voiding', 'upholding']
  expect(labels({ kind: 'volunteering.dispute', can })).toEqual(['更正', '维持原记录', '作废'])
  expect(labels({ kind: 'volunteering.void_dispute', can })).toEqual(['更正', '维持作废'])
})
test('what is done on a page leads there, to the very thing where it has one', () => {
  const returned = { kind: 'registrations.correction', can: ['resubmission', 'withdrawal'] }
  expect(itemOf(task(returned))).toMatchObject({
    open: { label: '去办理', url: '/registrations/mine?id=18' },
    refusals: [],
  })
  const places = {
    'volunteering.record_correction': ['resubmission', '/volunteering/record?id=18'],
    'unit_registrations.correction': ['resubmission', '/units/register?id=18'],
    'claims.delivery': ['delivery', '/projects/deliver?id=18'],
  } as const
  for (const [kind, [step, url]] of Object.entries(places))
    expect(itemOf(task({ kind, can: [step] })).open?.url).toBe(url)
  expect(itemOf(task({ kind: 'claims.start', subject: 'project_claim:3', can: ['start'] })).open?.url).toBe(
    '/projects/claims',
  )
  const note = { kind: 'conduct_feedback.reply', subject: 'conduct_feedback:4', can: ['reply'] }
  expect(itemOf(task(note)).open?.url).toBe('/feedback/mine')
})
test('a community asks a member only for what the form has a place for', () => {
  const asked = itemOf(task({ can: ['return'] })).refusals[0]?.phrases
  expect(asked).toEqual(['请写明您的特长。', '请写明可以服务的时间。'])
})
test('two tasks about one thing are two', () => {
  expect(itemOf(task({ kind: 'claims.answer' })).subject).not.toBe(itemOf(task({ kind: 'claims.completion' })).subject)
})
