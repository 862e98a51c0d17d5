import { NoAnswer, type Meeting } from '@app/api'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useForm } from '@/composables/form'
import { useHold } from '@/composables/hold'
import { standingOf, whenAndWhere } from '@/logic/meeting-groups'
import { askedBefore, askedBeforeChange, changesOf, foldedOf, freshPlan, isHeld, planOf } from '@/logic/meeting-plan'
import { usePending } from '@/stores/pending'

const phone = new Map<string, unknown>()
let front = 'meetings/convene'
beforeEach(() => {
  vi.useFakeTimers()
  phone.clear()
  front = 'meetings/convene'
  setActivePinia(createPinia())
  vi.stubGlobal('getCurrentPages', () => [{ route: front }])
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
afterEach(() => {
  vi.useRealTimers()
})

function convening() {
  const form = effectScope(true).run(() => useForm('meetings/convene', { place: '' }))!
  form.values.place = '二楼会议室'
  return { form, ...effectScope(true).run(() => useHold(form, () => 'meeting:new'))! }
}
const drafted = () => [...phone.keys()].includes('draft:meetings/convene')

test('nobody is told before ten seconds are over, and then once', async () => {
  const { hold, held } = convening()
  const [send, done] = [vi.fn(async () => undefined), vi.fn()]
  hold('召开《党课》，通知52人', send, done)
  hold('召开《党课》，通知52人', send, done)
  await vi.advanceTimersByTimeAsync(9_900)
  expect([held.value, send.mock.calls.length, drafted()]).toEqual([true, 0, true])
  await vi.advanceTimersByTimeAsync(200)
  expect([held.value, send.mock.calls.length, done.mock.calls.length, drafted()]).toEqual([false, 1, 1, false])
})
test('what was taken back tells nobody and stays as it was written', async () => {
  const { hold, held, form } = convening()
  const send = vi.fn(async () => undefined)
  hold('召开《党课》，通知52人', send, vi.fn())
  usePending().undo('meeting:new')
  await vi.advanceTimersByTimeAsync(20_000)
  expect([held.value, send.mock.calls.length, drafted(), form.values.place]).toEqual([false, 0, true, '二楼会议室'])
})
test('whoever has gone on is led nowhere, and still hears of what failed', async () => {
  const { hold, form } = convening()
  const done = vi.fn()
  hold(
    '召开《党课》，通知52人',
    async () => {
      throw new NoAnswer()
    },
    done,
  )
  front = 'pages/home'
  await vi.advanceTimersByTimeAsync(11_000)
  expect(done).not.toHaveBeenCalled()
  expect(usePending().failures[0]?.text).toContain('“召开《党课》，通知52人”没有成功')
  expect(form.problem.value?.kind).toBe('offline')
  hold('召开《党课》，通知52人', async () => undefined, done)
  front = 'pages/inbox'
  await vi.advanceTimersByTimeAsync(11_000)
  expect(done).not.toHaveBeenCalled()
  expect(usePending().failures).toEqual([])
})
test('what the server refuses beforehand is said in the form, and nothing waits', async () => {
  const { foresee, form } = convening()
  expect(
    await foresee(async () => {
      throw new NoAnswer()
    }),
  ).toBeUndefined()
  expect([form.problem.value?.kind, form.busy.value, usePending().waiting.length]).toEqual(['offline', false, 0])
  expect(await foresee(async () => ({ due: 52 }))).toEqual({ due: 52 })
  expect(form.problem.value).toBeUndefined()
})
test('who is told is said before, and of what was held nobody is', () => {
  expect(askedBefore({ due: 52, to_come: 1, recorded: false }, 1)).toEqual({
    title: '召开会议',
    text: '将通知52人。',
    yes: '通知52人',
  })
  expect(askedBefore({ due: 52, to_come: 0, recorded: true }, 1).text).toBe(
    '开会时间已过，只作登记，不通知任何人。应到52人。',
  )
  expect(askedBefore({ due: 52, to_come: 3, recorded: false }, 3).text).toBe('每月一次，共3次。将通知52人。')
  expect(askedBefore({ due: 52, to_come: 2, recorded: false }, 3).text).toBe(
    '每月一次，共3次，其中1次时间已过，只作登记。将通知52人。',
  )
})
test('a change is read before it is sent', () => {
  const asked = askedBeforeChange({ due: 52, changes: ['地点由一楼改为二楼', '会议链接已更新'], leave_lapses: true })
  expect(asked).toEqual({
    title: '修改会议',
    text: '地点由一楼改为二楼；会议链接已更新。改到这个时间后，已登记的名单和请假作废。\n将通知52人。',
    yes: '通知52人',
  })
  expect(askedBeforeChange({ due: 0, changes: ['议程由未填写改为“学习”'], leave_lapses: false }).yes).toBe('更正会议')
})

const stood = {
  kind: 'party_lecture',
  gathering: 'members',
  group: null,
  title: '党课',
  mode: 'in_person',
  starts_at: '2026-12-01T15:00:00+08:00',
  ends_at: '2026-12-01T16:30:00+08:00',
  place: '一楼',
  agenda: ['学习'],
  online: null,
  chair: null,
  recorder: null,
} as unknown as Meeting

test('only what is different is sent', () => {
  const [before, after] = [planOf(stood), planOf(stood)]
  expect(changesOf(before, after)).toEqual({})
  expect(changesOf(before, { ...after, place: '二楼 ', agenda: '学习\n\n 讨论' })).toEqual({
    place: '二楼',
    agenda: ['学习', '讨论'],
  })
  expect(changesOf(before, { ...after, mode: 'online', url: 'https://a.cn/1' })).toEqual({
    mode: 'online',
    place: null,
    online: { platform: '腾讯会议', url: 'https://a.cn/1' },
  })
  expect(changesOf(before, { ...after, from: '14:00' })).toEqual({ starts_at: '2026-12-01T14:00:00+08:00' })
})
test('a meeting says where it is, and one that is over is recorded', () => {
  expect(whenAndWhere(stood)).toMatch(/15:00—16:30，一楼$/)
  expect(whenAndWhere({ ...stood, mode: 'online', place: null })).toMatch(/16:30，线上$/)
  const plan = { ...freshPlan(), date: '2026-12-01', from: '15:00' }
  const at = Date.parse('2026-12-01T15:00:00+08:00')
  expect([isHeld(plan, at - 1), isHeld(plan, at), isHeld({ ...plan, months: 3 }, at)]).toEqual([false, true, false])
})
test('a meeting that has begun is not called announced: it may have been recorded only', () => {
  const at = (time: string) =>
    standingOf({ ...stood, status: 'convened' }, Date.parse(`2026-12-01T${time}:00+08:00`)).text
  expect([at('14:59'), at('15:00'), at('16:30')]).toEqual(['已通知', '进行中', '待归档'])
  expect(standingOf({ ...stood, status: 'closed' }, Date.parse('2026-12-02T00:00:00+08:00')).text).toBe('已结束')
})
test('what is folded away is told in a line', () => {
  expect(foldedOf(freshPlan(), 0)).toBe('会议名称、主持人、记录人、议程、重复、材料')
  expect(foldedOf({ ...freshPlan(), agenda: '学习\n讨论', recorder: { id: 1, name: '李春燕' }, months: 3 }, 2)).toBe(
    '记录人李春燕，议程2项，每月一次，共3次，材料2份',
  )
})
