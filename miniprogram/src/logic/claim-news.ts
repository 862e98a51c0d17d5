import type { Claim } from '@app/api'
import { shortDay } from './shanghai'
import { RELEASES } from './words'

const day = (given?: string | null) => (given ? shortDay(given) : '')

/** What is new about a claim and what happens next, in sentences. */
export function claimNews(claim: Claim): string[] {
  return sentences(claim).filter(Boolean)
}

function sentences(claim: Claim): string[] {
  switch (claim.status) {
    case 'waiting':
      return [`排队第${claim.waiting_position}位。有名额时自动提交给社区，并通知您。`]
    case 'submitted':
      return [
        `社区${day(claim.answer_due_on)}前答复，答复后会通知您。`,
        claim.answer_due_provisional ? '当年放假安排尚未公布，答复期限为暂定。' : '',
      ]
    case 'lapsed':
      return [`社区未按期答复，名额为您保留到${day(claim.retry_until)}，可以重新提交。`]
    case 'accepted':
      return [`社区已同意，请在${day(claim.start_due_on)}前点“开始”。`, '到期未开始，名额将释放，不影响以后认领。']
    case 'in_progress':
      return [
        claim.return_reason ? `社区请您补充：${claim.return_reason}` : '',
        `完成后提交情况，项目${day(claim.project.ends_on)}结束。`,
      ]
    case 'delivered':
      return [claim.summary ?? '', `${day(claim.delivered_on)}完成，等待社区验收。`]
    case 'completed':
      return [claim.summary ?? '', ...viewsOf(claim), claim.can.includes('evaluation') ? evaluationTerm(claim) : '']
    case 'declined':
      return [`社区未同意：${claim.decline_reason ?? ''}`]
    case 'released':
      return [
        claim.release_reason ? RELEASES[claim.release_reason] : '',
        claim.project.cancel_reason ? `社区说明：${claim.project.cancel_reason}` : '',
      ]
    case 'failed':
      return [`社区确认未能完成：${claim.failure_reason ?? ''}`, '不影响您以后认领。']
    default:
      return []
  }
}

/** How it went, as both sides said it. */
export function viewsOf(claim: Claim): string[] {
  return [
    viewOf('社区', '居民', claim.solved, claim.satisfied, claim.comment),
    viewOf('认领方', '', claim.claimant_solved, claim.claimant_satisfied, claim.claimant_comment),
  ].filter(Boolean)
}

function viewOf(
  who: string,
  whom: string,
  solved?: boolean | null,
  satisfied?: boolean | null,
  comment?: string | null,
): string {
  if (solved === null || solved === undefined) return ''
  const said = [solved ? '问题已解决' : '问题未解决', `${whom}${satisfied ? '满意' : '不满意'}`, comment]
  return `${who}评价：${said.filter(Boolean).join('，')}`
}

const evaluationTerm = (claim: Claim) =>
  claim.project.evaluation_due_on
    ? `可以在${day(claim.project.evaluation_due_on)}前评价这个项目。`
    : '可以评价这个项目。'
