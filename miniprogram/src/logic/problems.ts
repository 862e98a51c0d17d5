import { ApiError, NoAnswer } from '@app/api'

export interface Problem {
  kind: 'offline' | 'refused' | 'broken'
  code: string
  title: string
  text: string
  fields: Record<string, string>
  /** Of a page: trying again will not bring it. */
  final?: boolean
}

/** Say what went wrong and what to do. The server's own sentences are written for people. */
export function problemOf(error: unknown): Problem {
  if (error instanceof NoAnswer)
    return problem('offline', 'no_answer', '网络连接不上', '请检查手机网络，然后重试。填写的内容都还在。')
  if (error instanceof ApiError) {
    return error.status >= 500
      ? problem('broken', error.code, '服务暂时不可用', '不是您的操作有误，请稍后再试。填写的内容都还在。')
      : problem('refused', error.code, error.status === 404 ? '没有找到' : '没有办理成功', error.message, error.fields)
  }
  return problem('broken', 'unexpected', '出了点问题', '请返回后重试；仍不行时请联系社区或支部。')
}

/** The same for a page that was to be opened. */
export function pageProblemOf(error: unknown): Problem {
  const found = problemOf(error)
  if (!(error instanceof ApiError) || found.kind !== 'refused') return found
  const title = error.status === 404 ? '没有找到该页面' : '不能打开该页面'
  return { ...found, title, final: [403, 404].includes(error.status) }
}

/** What is said beside a button: that something is wrong in a form tells nothing where each field says what. */
export const besides = (found: Problem | undefined, told: number) =>
  found?.code === 'unprocessable_entity' && told ? undefined : found

function problem(
  kind: Problem['kind'],
  code: string,
  title: string,
  text: string,
  fields: Record<string, string> = {},
): Problem {
  return { kind, code, title, text, fields }
}
