// Somebody at the API itself: what a test needs done that is not what it looks at.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

export class Caller {
  /** Sign in with a login code, agree to the notice as it stands. */
  static async open(base, code) {
    const caller = new Caller(base)
    caller.token = (await caller.post('/sessions', { code })).token
    const me = await caller.get('/me')
    if (me.consent.required) {
      const notice = await caller.get('/privacy-notices/current')
      await caller.post('/me/consents', {
        notice_version: notice.version,
        purposes: ['core_service', 'subscription_messages'],
      })
    }
    return caller
  }

  constructor(base) {
    Object.assign(this, { base, token: '' })
  }

  get(path, expected) {
    return this.#call('GET', path, undefined, expected)
  }

  post(path, body, expected = [200, 201]) {
    return this.#call('POST', path, body, expected)
  }

  /** Write anew what was read at a version. */
  put(path, body, version) {
    return this.#call('PUT', path, body, [200], { 'if-match': `"${version}"` })
  }

  async #call(method, path, body, expected = [200], more = {}) {
    const headers = {
      ...more,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(this.token && { authorization: `Bearer ${this.token}` }),
    }
    const answer = await fetch(`${this.base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const text = await answer.text()
    assert.ok(expected.includes(answer.status), `${method} ${path}: ${answer.status} ${text}`)
    return text && JSON.parse(text)
  }
}

/** A stranger whom no roster knows: minted at the stand-in for WeChat, handed over to the demo branch. */
export async function stranger(city, { name, phone }) {
  const mint = async (action, body) =>
    (
      await (
        await fetch(`${city.sandbox}/_ctl/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()
    ).code
  const openid = `openid-${name}`
  const caller = await Caller.open(city.base, await mint('code', { openid }))
  const { branch } = await (await Caller.open(city.base, 'demo-branch-secretary')).get('/me')
  await caller.post(
    '/me/member-link',
    { phone_code: await mint('phone', { openid, phone }), name, organization_id: branch.id },
    [404],
  )
  return caller
}

/** A member whom the community has accepted. */
export async function registered(base, code, community) {
  const member = await Caller.open(base, code)
  const secretary = await Caller.open(base, 'demo-community-secretary')
  const { id } = await member.post('/registrations', { community_code: community })
  await secretary.post(`/registrations/${id}/acceptance`)
  return member
}
