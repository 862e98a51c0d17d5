import type { Task } from '@app/api'
import { api } from '@/api'
import type { Ways } from './item'

export function CLAIM({ id }: Task): Ways {
  const at = { path: { claim_id: id } }
  return {
    accept: {
      step: 'acceptance',
      label: '同意',
      done: '已同意',
      send: () => api.post('/api/v1/claims/{claim_id}/acceptance', at),
    },
    refusals: [
      {
        step: 'declining',
        label: '不同意',
        done: '未同意',
        phrases: ['名额已另行安排，感谢支持。', '时间不合适，请看看其他项目。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/declining', { ...at, body: { reason } }),
      },
    ],
  }
}

export function DELIVERY({ id }: Task): Ways {
  const at = { path: { claim_id: id } }
  return {
    ask: { step: 'completion', by: 'completion' },
    refusals: [
      {
        step: 'return',
        label: '请补充',
        done: '已退回',
        phrases: ['请写明做了什么、做到什么程度。', '还有一部分没有完成，请继续。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/return', { ...at, body: { reason } }),
      },
      {
        step: 'failure',
        label: '未能完成',
        done: '已答复',
        phrases: ['经核对没有开展，已与认领方说明。', '所做与项目要求不符，已与认领方说明。'],
        send: reason => api.post('/api/v1/claims/{claim_id}/failure', { ...at, body: { reason } }),
      },
    ],
  }
}

/** What is risky or needs money, before it is made public. */
export function REVIEW({ id }: Task): Ways {
  const at = { path: { project_id: id } }
  return {
    accept: {
      step: 'approval',
      label: '同意公布',
      done: '已同意公布',
      send: () => api.post('/api/v1/projects/{project_id}/approval', at),
    },
    refusals: [
      {
        step: 'return',
        label: '退回社区',
        done: '已退回',
        phrases: ['请先落实保险，并写明保险情况。', '请写明经费来源和用途。'],
        send: reason => api.post('/api/v1/projects/{project_id}/return', { ...at, body: { reason } }),
      },
    ],
  }
}
