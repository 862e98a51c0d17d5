import type { Demand } from '@app/api'
import { api } from '@/api'

export const DECISIONS = { accept: '受理', merge: '合并办理', refer: '转办', decline: '不受理' } as const
export type Decision = keyof typeof DECISIONS
export interface Answer {
  decision: Decision
  title: string
  content: string
  into: number
  reason: string
}
export const PHRASES = {
  refer: ['已转街道办理。', '已转物业服务企业办理。', '请拨打12345热线，由有关部门办理。'],
  decline: ['不属于社区服务范围，请联系有关部门。', '内容不够具体，请补充后重新提出。'],
} as const
export const DONE: Readonly<Record<Decision, string>> = {
  accept: '已受理',
  merge: '已合并办理',
  refer: '已转办',
  decline: '未受理',
}

export const freshAnswer = (demand?: Pick<Demand, 'title' | 'content'>): Answer => ({
  decision: 'accept',
  title: demand?.title ?? '',
  content: demand?.content ?? '',
  into: 0,
  reason: '',
})

export function complaintsOf(answer: Answer): Record<string, string> {
  if (answer.decision === 'accept') return answer.title.trim() ? {} : { title: '请用一句话写明需要什么。' }
  if (answer.decision === 'merge') return answer.into ? {} : { merged_into_id: '请选择合并到哪一项需求。' }
  return answer.reason.trim()
    ? {}
    : { reason: answer.decision === 'refer' ? '请写明转给谁、为什么，对方会看到。' : '请写明原因，对方会看到。' }
}

/** What is accepted as it was sent is not written anew. */
export function wireOf(answer: Answer, demand: Pick<Demand, 'title' | 'content'>) {
  const { decision } = answer
  if (decision === 'merge') return { decision, merged_into_id: answer.into }
  if (decision !== 'accept') return { decision, reason: answer.reason.trim() }
  const [title, content] = [answer.title.trim(), answer.content.trim()]
  return { decision, ...(title !== demand.title && { title }), ...(content !== demand.content && { content }) }
}

/** What a demand may be merged into: the open ones of its community. */
export async function mergeTargets(demand: Demand): Promise<Demand[]> {
  const states = ['accepted', 'published', 'matched'] as const
  const pages = await Promise.all(
    states.map(status =>
      api.get('/api/v1/demands', { query: { community_code: demand.community.code, status, limit: 50 } }),
    ),
  )
  return pages.flatMap(page => page.items).filter(one => one.id !== demand.id)
}
