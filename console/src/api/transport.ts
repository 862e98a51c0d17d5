import { NoAnswer, type RawRequest, type Transport } from '@app/api'
import { answered } from './answered'

const PATIENCE_MS = 15_000
const FILE_PATIENCE_MS = 120_000

/** A call that names a token itself is not the console's: nothing is asked or ended for it. */
export const transport: Transport = request =>
  request.headers.Authorization
    ? once(request)
    : answered(own => once({ ...request, headers: { ...request.headers, ...own } }))

/** `keepalive` lets a decision go out while the window closes; a file is too large for that. */
async function once({ method, url, headers, body }: RawRequest) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), body instanceof FormData ? FILE_PATIENCE_MS : PATIENCE_MS)
  try {
    const answer = await fetch(url, {
      method,
      headers,
      body: sent(body),
      keepalive: method !== 'GET' && !(body instanceof FormData),
      signal: stop.signal,
    })
    const text = await answer.text()
    return { status: answer.status, data: readable(text) }
  } catch {
    throw new NoAnswer()
  } finally {
    clearTimeout(timer)
  }
}

function readable(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return text
  }
}

/** A form with a file goes as it is; the browser says where its parts begin. */
const sent = (body: unknown) => (body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body))
