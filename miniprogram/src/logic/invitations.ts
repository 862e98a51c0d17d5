import type { RegisteredMember } from '@app/api'
import { duration, shortDay } from './shanghai'

/** What somebody did here, as one sentence: for knowing each other, not for comparing. */
export function servicesHere(one: RegisteredMember): string {
  const { count, minutes, last_on: last } = one.services
  if (!count) return '在本社区还没有服务记录'
  return `在本社区服务${count}次，共${duration(minutes)}${last ? `，最近${shortDay(last)}` : ''}`
}

export function offerOf(one: RegisteredMember): string {
  const { skills, interests, availability } = one.offer
  return (
    [
      skills?.join('、'),
      interests?.length ? `愿意参加：${interests.join('、')}` : '',
      availability && `时间：${availability}`,
    ]
      .filter(Boolean)
      .join(' · ') || '没有填写特长和时间'
  )
}

const ASKED: Record<string, string> = { sent: '已邀请', declined: '不方便', taking_part: '已参加' }
export const askedWord = (one: RegisteredMember) => (one.asked ? ASKED[one.asked] : undefined)
