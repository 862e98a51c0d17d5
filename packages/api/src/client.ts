import { refusal } from './errors'
import type { paths } from './schema'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export interface RawRequest {
  method: Uppercase<Method>
  url: string
  headers: Record<string, string>
  body?: unknown
}
export interface RawResponse {
  status: number
  data: unknown
}
/** The only piece that differs between platforms. Rejects with NoAnswer and nothing else. */
export type Transport = (request: RawRequest) => Promise<RawResponse>

type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, infer O> ? (O extends undefined ? never : P) : never
}[keyof paths]
type Op<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never
type Param<O, K extends 'path' | 'query'> = O extends { parameters: infer R }
  ? K extends keyof R
    ? R[K]
    : undefined
  : undefined
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined
type Answer<R> = R extends { content: { 'application/json': infer D } } ? D : void
type Ok<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 | 202 ? Answer<R[S]> : S extends 204 ? void : never }[keyof R]
  : never
type Field<K extends string, T> = undefined extends T ? { [k in K]?: T } : { [k in K]: T }
type Options<O> = Field<'path', Param<O, 'path'>> &
  Field<'query', Param<O, 'query'>> &
  Field<'body', Body<O>> & { key?: string; version?: number; headers?: Record<string, string> }
type Args<O> = Record<never, never> extends Options<O> ? [options?: Options<O>] : [options: Options<O>]

export interface ClientConfig {
  baseUrl: string
  transport: Transport
  token: () => string | undefined
  /** Sign in again; true when there is a new token and the call should be repeated once. */
  renew: () => Promise<boolean>
}

interface Sent {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  key?: string
  version?: number
  headers?: Record<string, string>
}

/**
 * One typed method for each HTTP method. `key` is the Idempotency-Key of a write, `version` the one that was read of
 * what two may edit. Raises ApiError, NoAnswer.
 */
export function createClient(config: ClientConfig) {
  const once = (method: Method, path: string, sent: Sent) =>
    config.transport({
      method: method.toUpperCase() as Uppercase<Method>,
      url: config.baseUrl + address(path, sent),
      headers: headers(config.token(), sent),
      body: sent.body,
    })

  async function send(method: Method, path: string, sent: Sent = {}): Promise<unknown> {
    let answer = await once(method, path, sent)
    if (answer.status === 401 && config.token() && (await config.renew())) answer = await once(method, path, sent)
    if (answer.status >= 200 && answer.status < 300) return answer.data
    throw refusal(answer.status, answer.data)
  }
  const call =
    <M extends Method>(method: M) =>
    <P extends PathsWith<M>>(path: P, ...args: Args<Op<P, M>>) =>
      send(method, path as string, args[0] as Sent) as Promise<Ok<Op<P, M>>>
  return { get: call('get'), post: call('post'), put: call('put'), delete: call('delete') }
}
export type Client = ReturnType<typeof createClient>

function headers(token: string | undefined, sent: Sent): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(sent.body !== undefined && { 'Content-Type': 'application/json' }),
    ...(sent.key && { 'Idempotency-Key': sent.key }),
    ...(sent.version !== undefined && { 'If-Match': `"${sent.version}"` }),
    ...sent.headers,
  }
}

function address(path: string, sent: Sent): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(sent.path?.[name])))
  // URLSearchParams does not exist in the WeChat runtime.
  const query = Object.entries(sent.query ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return query.length ? `${filled}?${query.join('&')}` : filled
}
