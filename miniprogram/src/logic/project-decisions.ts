import type { Claim, Project } from '@app/api'
import { api } from '@/api'
import type { Item } from './item'
import { claimantOf } from './projects'
import { shortDay } from './shanghai'
import { RISKS } from './words'

const claimAt = (one: Claim) => ({ path: { claim_id: one.id } })

export function claimItem(one: Claim): Item {
  const at = claimAt(one)
  return {
    id: one.id,
    subject: `claim:${one.id}`,
    kind: '项目认领',
    who: claimantOf(one),
    due: one.answer_due_on ?? undefined,
    lines: [
      one.project.title,
      one.note ?? '',
      one.answer_due_provisional ? '当年放假安排尚未公布，答复期限为暂定。' : '',
    ].filter(Boolean),
    accept: { label: '同意', done: '已同意', send: () => api.post('/api/v1/claims/{claim_id}/acceptance', at) },
    refusals: [
      {
        label: '不同意',
        done: '未同意',
        phrases: ['名额已另行安排，感谢支持。', '时间不合适，请看看其他项目。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/declining', { ...at, body: { reason } }),
      },
    ],
  }
}

export function deliveryItem(one: Claim): Item {
  const at = claimAt(one)
  return {
    id: one.id,
    subject: `delivery:${one.id}`,
    kind: '项目验收',
    who: claimantOf(one),
    ask: 'completion',
    lines: [one.project.title, one.summary ?? '', one.delivered_on ? `${shortDay(one.delivered_on)}完成` : ''].filter(
      Boolean,
    ),
    refusals: [
      {
        label: '请补充',
        done: '已退回',
        phrases: ['请写明做了什么、做到什么程度。', '还有一部分没有完成，请继续。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/return', { ...at, body: { reason } }),
      },
      {
        label: '未能完成',
        done: '已答复',
        phrases: ['经核对没有开展，已与认领方说明。', '所做与项目要求不符，已与认领方说明。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/failure', { ...at, body: { reason } }),
      },
    ],
  }
}

/** What is risky or needs money, before it is made public. */
export function reviewItem(one: Project): Item {
  const at = { path: { project_id: one.id } }
  return {
    id: one.id,
    subject: `project:${one.id}`,
    kind: '项目审核',
    who: one.title,
    lines: [
      one.community.name,
      one.content,
      `风险：${RISKS[one.risk]}`,
      one.insurance_note && `保险：${one.insurance_note}`,
      one.funded ? '需要经费，款项不经过本系统。' : '',
    ].filter(Boolean),
    accept: {
      label: '同意公布',
      done: '已同意公布',
      send: () => api.post('/api/v1/projects/{project_id}/approval', at),
    },
    refusals: [
      {
        label: '退回社区',
        done: '已退回',
        phrases: ['请先落实保险，并写明保险情况。', '请写明经费来源和用途。'],
        send: reason => api.post('/api/v1/projects/{project_id}/return', { ...at, body: { reason } }),
      },
    ],
  }
}
