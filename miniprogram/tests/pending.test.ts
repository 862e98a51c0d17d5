import { NoAnswer } from '@app/api'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { usePending } from '@/stores/pending'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.useRealTimers()
})

function decision(subject = 'registration:1', send = vi.fn(async () => undefined)) {
  usePending().add({ subject, words: '已接收张三的报到', send })
  return send
}

test('a decision is sent after ten seconds and not before', async () => {
  const send = decision()
  await vi.advanceTimersByTimeAsync(9_900)
  expect(send).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(send).toHaveBeenCalledTimes(1)
  expect(usePending().hidden('registration:1')).toBe(false)
})
test('an undone decision is never sent', async () => {
  const send = decision()
  usePending().undo('registration:1')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(send).not.toHaveBeenCalled()
})
test('a double tap decides once', async () => {
  const [first, second] = [decision(), decision()]
  await vi.advanceTimersByTimeAsync(20_000)
  expect(first).toHaveBeenCalledTimes(1)
  expect(second).not.toHaveBeenCalled()
})
test('leaving the app sends what waits, once', async () => {
  const [one, two] = [decision('registration:1'), decision('claim:2')]
  await usePending().sendAll()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(one).toHaveBeenCalledTimes(1)
  expect(two).toHaveBeenCalledTimes(1)
})
test('what failed is said, and its item comes back', async () => {
  decision(
    'registration:1',
    vi.fn(async () => {
      throw new NoAnswer()
    }),
  )
  await vi.advanceTimersByTimeAsync(11_000)
  expect(usePending().failures[0]?.text).toContain('没有成功')
  expect(usePending().hidden('registration:1')).toBe(false)
})
