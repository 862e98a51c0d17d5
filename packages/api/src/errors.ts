/** What the server refused. `fields` holds the first complaint about each named field. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string>

  constructor(status: number, code: string, message: string, fields: Record<string, string> = {}) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.fields = fields
  }
}

/** No answer came: whether the server acted on the request is not known. */
export class NoAnswer extends Error {
  constructor() {
    super('网络连接不上，请检查网络后重试。')
    this.name = 'NoAnswer'
  }
}

interface ErrorBody {
  code?: unknown
  message?: unknown
  fields?: unknown
}

/** Read the error shape of api.md; a proxy's page in between is none and gets a sentence of its own. */
export function refusal(status: number, data: unknown): ApiError {
  const body: ErrorBody = typeof data === 'object' && data !== null ? data : {}
  if (typeof body.code !== 'string' || typeof body.message !== 'string') {
    return new ApiError(status, 'unreadable_answer', '服务暂时不可用，请稍后再试。')
  }
  return new ApiError(status, body.code, body.message, firstComplaints(body.fields))
}

function firstComplaints(fields: unknown): Record<string, string> {
  const first: Record<string, string> = {}
  for (const [name, complaints] of Object.entries(fields ?? {})) {
    const text = deepest(complaints)
    if (text) first[name] = text
  }
  return first
}

function deepest(complaint: unknown): string | undefined {
  if (typeof complaint === 'string') return complaint
  if (typeof complaint !== 'object' || complaint === null) return undefined
  return Object.values(complaint).map(deepest).find(Boolean)
}
