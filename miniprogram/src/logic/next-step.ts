import type { Duty, Registration } from '@app/api'
import { fulfilled, remainder } from './duties'
import { placeOf } from './registrations'
import { shortDay } from './shanghai'

/** What to do about a duty: a button, where it leads, and a sentence in place of the usual one. */
export interface Step {
  action?: string
  url?: string
  note?: string
}
export interface Roles {
  ledBranch?: number
  contactOf?: number
}

export function nextStep(duty: Duty, registration: Registration | undefined, roles: Roles): Step {
  if (duty.verdict === 'not_applicable') return {}
  if (duty.rule_id === '2i') return registrationStep(duty, registration)
  if (fulfilled(duty)) return {}
  if (duty.rule_id === '2h')
    return roles.contactOf === duty.subject.id ? { action: '为单位报到', url: '/units/list' } : {}
  if (duty.rule_id === '2j') return roles.contactOf === duty.subject.id ? activityStep(duty) : {}
  if (duty.subject.kind === 'organization')
    return roles.ledBranch === duty.subject.id ? { action: '召开会议', url: '/meetings/convene' } : {}
  if (duty.subject.kind === 'unit')
    return roles.contactOf === duty.subject.id ? { action: '为单位认领项目', url: '/projects/list' } : {}
  return { action: '记录服务', url: '/volunteering/log' }
}

/** Counted is what the community publishes and names the unit for. */
const activityStep = (duty: Duty): Step => ({
  action: '查看社区活动',
  url: '/activities/list',
  note: `${remainder(duty)}请与社区商定活动，由社区发布时选定本单位。`,
})

function registrationStep(duty: Duty, registration: Registration | undefined): Step {
  const state = { url: '/registrations/mine' }
  if (registration?.next_step === 'resubmission')
    return {
      ...state,
      action: '补充报到材料',
      note: `${placeOf(registration)}请您补充：${registration.return_reason}`,
    }
  switch (registration?.status) {
    case 'submitted':
      return {
        ...state,
        action: '查看报到',
        note: `已提交${placeOf(registration)}，${shortDay(registration.answer_due_on)}前答复。`,
      }
    case 'paused':
      return { note: `在${placeOf(registration)}的报到已暂停，暂停期间免于履行。` }
    case 'active':
    case 'transfer_pending':
      return { note: `已在${placeOf(registration)}报到。` }
    default:
      return fulfilled(duty)
        ? {}
        : { action: '去报到', url: '/registrations/find', note: '选择居住地社区，提交后由社区党组织接收。' }
  }
}
