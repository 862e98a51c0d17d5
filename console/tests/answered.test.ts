import { ApiError } from '@app/api'
import { beforeEach, expect, test, vi } from 'vitest'
import { api } from '@/api'
import { bearer, onSessionEnd } from '@/api/answered'
import { saveFile, sendForm } from '@/api/files'
import { asking, settled } from '@/api/proof'
import { token } from '@/api/token'

const UNPROVEN = { code: 'reauthentication_required', message: '此操作须再次验证身份，请验证后重试。' }
const ended = vi.fn()
const server = vi.fn<(url: string, asked: RequestInit) => Promise<Response>>()
const says = (status: number, body?: unknown) => new Response(body ? JSON.stringify(body) : null, { status })
const sent = () => server.mock.calls.map(([url, { headers, body }]) => ({ url, headers, body }))
const open = () => api.post('/api/v1/staff-accounts', { body: { name: '唐四', sign_in_name: 'zuzhi1' } })

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  })
  vi.stubGlobal('fetch', server)
  server.mockReset()
  ended.mockReset()
  onSessionEnd(ended)
  token.set('first')
})

test('what must be proven first is asked once for all that wait, and sent again with the token of then', async () => {
  server.mockImplementation(async (_, { headers }) =>
    (headers as Record<string, string>).Authorization === 'Bearer second' ? says(201, { id: 1 }) : says(403, UNPROVEN),
  )
  const waiting = [open(), open()]
  await vi.waitFor(() => expect(asking.value).toBe(true))
  expect(server).toHaveBeenCalledTimes(2)
  token.set('second')
  settled(true)
  expect(asking.value).toBe(false)
  expect(await Promise.all(waiting)).toEqual([{ id: 1 }, { id: 1 }])
  expect(new Set(sent().map(one => one.body))).toEqual(new Set(['{"name":"唐四","sign_in_name":"zuzhi1"}']))
  expect(server).toHaveBeenCalledTimes(4)
})

test('who does not prove it is refused in the words of the server, and may try again', async () => {
  server.mockImplementation(async () => says(403, UNPROVEN))
  for (let time = 0; time < 2; time++) {
    const refused = open().catch((error: unknown) => error)
    await vi.waitFor(() => expect(asking.value).toBe(true))
    settled(false)
    expect(await refused).toMatchObject({ status: 403, message: UNPROVEN.message })
  }
  expect(server).toHaveBeenCalledTimes(2)
})

test('forms with files and files to save wait alike', async () => {
  server.mockImplementation(async () => says(403, UNPROVEN))
  for (const call of [() => sendForm('/api/v1/imports', new FormData()), () => saveFile('/file', 'file.xlsx')]) {
    const refused = call().catch((error: unknown) => error)
    await vi.waitFor(() => expect(asking.value).toBe(true))
    settled(false)
    expect(await refused).toBeInstanceOf(ApiError)
  }
})

test('a refusal of another kind, and a wrong password, end no session and ask nothing', async () => {
  for (const [status, code] of [
    [403, 'not_yours'],
    [401, 'sign_in_failed'],
  ] as const) {
    server.mockResolvedValueOnce(says(status, { code, message: '不行。' }))
    await expect(open()).rejects.toMatchObject({ code })
  }
  expect([asking.value, token.get(), ended.mock.calls.length]).toEqual([false, 'first', 0])
})

test('a session that the server no longer knows is ended here, and what is asked is given up', async () => {
  server.mockResolvedValueOnce(says(403, UNPROVEN))
  const refused = open().catch((error: unknown) => error)
  await vi.waitFor(() => expect(asking.value).toBe(true))
  server.mockResolvedValueOnce(says(401, { code: 'not_signed_in', message: '登录已过期。' }))
  await expect(api.get('/api/v1/me')).rejects.toMatchObject({ status: 401 })
  expect(await refused).toMatchObject({ code: UNPROVEN.code })
  expect([asking.value, token.get(), ended.mock.calls.length]).toEqual([false, undefined, 1])
})

test('a call with a token of its own neither takes nor ends the session', async () => {
  server.mockResolvedValueOnce(says(401, { code: 'not_signed_in', message: '登录已过期。' }))
  await expect(api.get('/api/v1/me', { headers: bearer('another') })).rejects.toMatchObject({ status: 401 })
  expect(sent()[0]!.headers).toMatchObject({ Authorization: 'Bearer another' })
  expect(token.get()).toBe('first')
})
