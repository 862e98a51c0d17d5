import { ApiError, createClient, NoAnswer, type RawRequest, type RawResponse } from '@app/api'
import { expect, test, vi } from 'vitest'

function clientWith(answers: (RawResponse | Error)[], renewed = true) {
  const sent: RawRequest[] = []
  let token: string | undefined = 'old'
  const renew = vi.fn(async () => {
    token = renewed ? 'new' : undefined
    return renewed
  })
  const transport = async (request: RawRequest) => {
    sent.push(request)
    const answer = answers.shift()!
    if (answer instanceof Error) throw answer
    return answer
  }
  return { sent, renew, api: createClient({ baseUrl: '', transport, token: () => token, renew }) }
}
const refused = (status: number, code: string, fields?: object): RawResponse => ({
  status,
  data: { code, message: '请重试。', fields },
})

test('a 401 signs in again once and repeats the call', async () => {
  const { api, sent, renew } = clientWith([refused(401, 'session_expired'), { status: 200, data: { ok: true } }])
  await expect(api.get('/api/v1/me')).resolves.toEqual({ ok: true })
  expect(sent.map(one => one.headers.Authorization)).toEqual(['Bearer old', 'Bearer new'])
  expect(renew).toHaveBeenCalledTimes(1)
})
test('a second 401 is an error, not a loop', async () => {
  const { api, sent } = clientWith([refused(401, 'a'), refused(401, 'b')])
  await expect(api.get('/api/v1/me')).rejects.toMatchObject({ status: 401, code: 'b' })
  expect(sent).toHaveLength(2)
})
test('without a new sign-in nothing is repeated', async () => {
  const { api, sent } = clientWith([refused(401, 'a')], false)
  await expect(api.get('/api/v1/me')).rejects.toBeInstanceOf(ApiError)
  expect(sent).toHaveLength(1)
})
test('the first complaint about each field is kept, however deep it lies', async () => {
  const { api } = clientWith([
    refused(422, 'unprocessable_entity', {
      title: ['不能为空。', '太短。'],
      online: { url: ['须以 https:// 开头。'] },
    }),
  ])
  await expect(api.get('/api/v1/me')).rejects.toMatchObject({
    fields: { title: '不能为空。', online: '须以 https:// 开头。' },
  })
})
test.each(['<html>502</html>', null, { error: 'x' }])(
  'an answer that is not ours becomes a plain sentence',
  async data => {
    const { api } = clientWith([{ status: 502, data }])
    await expect(api.get('/api/v1/me')).rejects.toMatchObject({
      code: 'unreadable_answer',
      message: '服务暂时不可用，请稍后再试。',
    })
  },
)
test('no answer stays no answer', async () => {
  const { api } = clientWith([new NoAnswer()])
  await expect(api.get('/api/v1/me')).rejects.toBeInstanceOf(NoAnswer)
})
test('paths and queries are encoded, what is undefined is left out', async () => {
  const { api, sent } = clientWith([
    { status: 200, data: {} },
    { status: 200, data: {} },
  ])
  await api.get('/api/v1/areas', { query: { q: '国贸&a=b', cursor: undefined } })
  await api.get('/api/v1/areas/{code}', { path: { code: 'a/b' } })
  expect(sent.map(one => one.url)).toEqual(['/api/v1/areas?q=%E5%9B%BD%E8%B4%B8%26a%3Db', '/api/v1/areas/a%2Fb'])
})
