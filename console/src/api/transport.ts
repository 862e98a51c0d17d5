import { NoAnswer, type Transport } from '@app/api'

const PATIENCE_MS = 15_000

/** `keepalive` lets a decision go out while the window closes. */
export const transport: Transport = async ({ method, url, headers, body }) => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  try {
    const answer = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      keepalive: method !== 'GET',
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
