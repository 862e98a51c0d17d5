import type { Duty, Registration } from '@app/api'
import { listUrl } from './demands'
import { remainder } from './duties'
import { placeOf } from './registrations'
import { shortDay } from './shanghai'

/** What to do about a duty: a button, where it leads, and a sentence in place of the usual one. */
export interface Step {
  action?: string
  url?: string
  note?: string
}

const REGISTER = /^registers\.(\w+)$/
// The steps the server names, as `capability.step`: which page, in which words. Of others the app knows nothing.
const STEPS: Record<string, (duty: Duty) => Step> = {
  'registrations.submit': () => ({
    action: '去报到',
    url: '/registrations/find',
    note: '选择居住地社区，提交后由社区党组织接收。',
  }),
  'volunteering.log': () => ({ action: '记录服务', url: '/volunteering/log' }),
  'meetings.convene': () => ({ action: '召开会议', url: '/meetings/convene' }),
  'unit_registrations.submit': () => ({ action: '为单位报到', url: '/units/list' }),
  // Counted is what the community publishes and names the unit for.
  'activities.find': duty => ({
    action: '查看社区活动',
    url: '/activities/list',
    note: `${remainder(duty)}请与社区商定活动，由社区发布时选定本单位。`,
  }),
  'projects.find': () => ({ action: '为单位认领项目', url: '/projects/list' }),
  'demands.publish_list': ({ subject }) => (subject.code ? { action: '公布需求清单', url: listUrl(subject.code) } : {}),
}

/** `registers.<name>`: what is missing stands in a register, which says itself what it is; of all of them `open`. */
function registerStep(name: string, { subject }: Duty): Step {
  if (name === 'open') return { action: '去登记', url: '/registers/all' }
  const place = subject.code ? `&code=${subject.code}` : ''
  return { action: '去登记', url: `/registers/list?register=${name}${place}` }
}

/** `registration`: the actor's own, which says more than the step where it is under way. */
export function nextStep(duty: Duty, registration: Registration | undefined): Step {
  if (duty.verdict === 'not_applicable') return {}
  const own = duty.subject.kind === 'member' && asksFor(duty, 'community_registration')
  const register = REGISTER.exec(duty.next_step ?? '')?.[1]
  if (register) return registerStep(register, duty)
  return (own && registrationStep(registration)) || (STEPS[duty.next_step ?? '']?.(duty) ?? {})
}

const asksFor = (duty: Duty, kind: string) => duty.checks.some(check => check.kinds.includes(kind))

function registrationStep(registration: Registration | undefined): Step | undefined {
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
      return undefined
  }
}
