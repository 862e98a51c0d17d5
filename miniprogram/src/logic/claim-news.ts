import type { Claim } from '@app/api'
import { shortDay } from './shanghai'

/** What is new about a claim, in a sentence. */
export function claimNews(claim: Claim): string {
  switch (claim.status) {
    case 'submitted': return '社区答复后会通知您。'
    case 'accepted': return `社区已同意，请在${shortDay(claim.project.ends_on)}前完成。`
    case 'in_progress': return `完成后提交情况，${shortDay(claim.project.ends_on)}截止。`
    case 'delivered': return `${claim.summary ?? ''}（等待社区验收）`
    case 'declined': return `社区未同意：${claim.decline_reason ?? ''}`
    case 'completed': return [claim.solved ? '问题已解决' : '问题未解决', claim.satisfied ? '居民满意' : '居民不满意', claim.comment].filter(Boolean).join('，')
    default: return ''
  }
}
