import { ApiError, NoAnswer } from '@app/api'

export interface Problem {
  title: string
  text: string
  fields: Record<string, string>
}

/** Say what went wrong and what to do. The server's own sentences are written for people. */
export function problemOf(error: unknown): Problem {
  if (error instanceof NoAnswer)
    return { title: '网络连接不上', text: '请检查网络，然后重试。填写的内容都还在。', fields: {} }
  if (error instanceof ApiError && error.status < 500)
    return { title: '没有办成', text: error.message, fields: error.fields }
  return { title: '服务暂时不可用', text: '不是您的操作有误，请稍后再试。填写的内容都还在。', fields: {} }
}
