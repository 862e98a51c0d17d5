import { NoAnswer, type Transport } from '@app/api'

const PATIENCE_MS = 15_000
const FILE_PATIENCE_MS = 120_000

/** `keepalive` lets a decision go out while the window closes; a file is too large for that. */
export const transport: Transport = async ({ method, url, headers, body }) => {
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
