import type {
  AttachmentCase,
  LeaveOfMeeting,
  LinkApplication,
  Registration,
  RegistrationRequest,
  ServiceRecord,
  TextCheck,
  UnitRegistration,
} from '@app/api'
import { api } from '@/api'
import type { WaitingThings } from '@/stores/waiting'
import type { Item } from './item'
import { claimItem, deliveryItem, reviewItem } from './project-decisions'
import { placeOf } from './registrations'
import { duration, shortDay, span } from './shanghai'
import { demandItem } from './triage'
import { resourceLine } from './units'
import { ABSENCE_REASONS, END_REASONS, PAUSE_REASONS, REJECTIONS, REQUESTS, SERVICE_CATEGORIES } from './words'

const path = (id: number, name: string) => ({ path: { [name]: id } })
const whereOf = (one: Registration) =>
  !one.community
    ? `在${placeOf(one)}报到，请核实回执`
    : one.kind === 'additional'
      ? '申请在本社区另行报到'
      : '申请在本社区报到'
const MORE_FACTS = ['时间填写有误，请核对。', '请补充说明做了什么。'] as const
const ELSEWHERE = ['您的住址不在本社区，请向居住地社区报到。'] as const

export function registrationItem(one: Registration): Item {
  const at = path(one.id, 'registration_id') as { path: { registration_id: number } }
  const offers = [
    one.skills?.length ? `特长：${one.skills.join('、')}` : '',
    one.availability ? `可服务时间：${one.availability}` : '',
  ]
  return {
    id: one.id,
    subject: `registration:${one.id}`,
    kind: '报到',
    who: one.member?.name ?? '',
    due: one.answer_due_on,
    attachments: one.attachments ?? [],
    lines: [whereOf(one), ...offers, one.answer_due_provisional ? '当年放假安排尚未公布，答复期限为暂定。' : ''].filter(
      Boolean,
    ),
    accept: {
      label: '接收',
      done: '已接收',
      send: () => api.post('/api/v1/registrations/{registration_id}/acceptance', at),
    },
    refusals: [
      {
        label: '退回补充',
        done: '已退回',
        phrases: one.community
          ? ['请补充住址所在小区。', '请写明可以服务的时间。']
          : ['回执看不清，请重新上传。', '请写明当地社区的全称。'],
        send: reason => api.post('/api/v1/registrations/{registration_id}/return', { ...at, body: { reason } }),
      },
      {
        label: '不接收',
        done: '未接收',
        phrases: one.community ? ELSEWHERE : ['回执与本人情况不符，请与支部联系。'],
        codes: REJECTIONS,
        send: (reason, code) =>
          api.post('/api/v1/registrations/{registration_id}/rejection', {
            ...at,
            body: { reason, reason_code: code as keyof typeof REJECTIONS },
          }),
      },
    ],
  }
}

const CONFIRMATIONS = {
  pause: {
    label: '同意暂停',
    send: (at: At) => api.post('/api/v1/registrations/{registration_id}/pause', { ...at, body: {} }),
  },
  resumption: {
    label: '同意恢复',
    send: (at: At) => api.post('/api/v1/registrations/{registration_id}/resumption', { ...at, body: {} }),
  },
  ending: {
    label: '同意结束',
    send: (at: At) => api.post('/api/v1/registrations/{registration_id}/ending', { ...at, body: {} }),
  },
} as const
interface At {
  path: { registration_id: number }
}

export function requestItem(one: RegistrationRequest): Item {
  const at = { path: { registration_id: one.registration_id } }
  const { label, send } = CONFIRMATIONS[one.kind]
  const why = one.reason_code
    ? `原因：${{ ...PAUSE_REASONS, ...END_REASONS }[one.reason_code as keyof typeof PAUSE_REASONS]}`
    : ''
  return {
    id: one.id,
    subject: `registration_request:${one.id}`,
    kind: `${REQUESTS[one.kind]}申请`,
    who: one.member?.name ?? '',
    lines: [`申请${REQUESTS[one.kind]}`, why].filter(Boolean),
    accept: { label, done: '已同意', send: () => send(at) },
    refusals: [
      {
        label: '不同意',
        done: '未同意',
        phrases: ['请先与社区联系，说明情况。', '请等手头的服务项目结束后再申请。'],
        send: reason =>
          api.post('/api/v1/registration-requests/{request_id}/refusal', {
            path: { request_id: one.id },
            body: { reason },
          }),
      },
    ],
  }
}

export function serviceRecordItem(one: ServiceRecord): Item {
  if (one.status === 'disputed') return disputeItem(one)
  const at = path(one.id, 'record_id') as { path: { record_id: number } }
  const confirm = (late_reason?: string) =>
    api.post('/api/v1/service-records/{record_id}/confirmation', { ...at, body: { late_reason } })
  const sendBack = {
    label: '退回补充',
    done: '已退回',
    phrases: MORE_FACTS,
    send: (reason: string) => api.post('/api/v1/service-records/{record_id}/return', { ...at, body: { reason } }),
  }
  const item = { ...recordOf(one), kind: one.late ? '补录服务' : '服务记录', due: one.confirm_due_on }
  if (!one.late)
    return { ...item, accept: { label: '确认', done: '已确认', send: () => confirm() }, refusals: [sendBack] }
  return {
    ...item,
    refusals: [
      sendBack,
      { label: '补录', done: '已补录', phrases: ['名单遗漏，已核对签到表。', '纸质登记单年后才收到。'], send: confirm },
    ],
  }
}

const recordOf = (one: ServiceRecord) => ({
  id: one.id,
  subject: `service_record:${one.id}`,
  who: one.member?.name ?? '',
  attachments: one.attachments ?? [],
  lines: [
    `${SERVICE_CATEGORIES[one.category]}，${duration(one.duration_min)}`,
    span(one.started_at, one.ended_at),
    one.content ?? '',
  ].filter(Boolean),
})

/** The member says that a record is wrong: it is corrected, or kept as it is with a reason. */
function disputeItem(one: ServiceRecord): Item {
  const at = path(one.id, 'record_id') as { path: { record_id: number } }
  const item = recordOf(one)
  const keep = {
    label: one.void_reason ? '维持作废' : '维持原记录',
    done: '已答复',
    phrases: ['经核对活动名单，原记录无误。'],
    send: (reason: string) => api.post('/api/v1/service-records/{record_id}/upholding', { ...at, body: { reason } }),
  }
  const out = {
    label: '作废',
    done: '已作废',
    phrases: ['本人说明未参加这次服务。'],
    send: (reason: string) => api.post('/api/v1/service-records/{record_id}/voiding', { ...at, body: { reason } }),
  }
  return {
    ...item,
    kind: '记录异议',
    subject: `dispute:${one.id}`,
    lines: [
      ...item.lines,
      one.void_reason ? `已作废：${one.void_reason}` : '',
      `本人异议：${one.dispute_reason ?? ''}`,
    ].filter(Boolean),
    open: { label: '更正', url: `/volunteering/correct?id=${one.id}` },
    refusals: one.void_reason ? [keep] : [keep, out],
  }
}

export function leaveItem(one: LeaveOfMeeting): Item {
  const at = path(one.id, 'request_id') as { path: { request_id: number } }
  return {
    id: one.id,
    subject: `leave_request:${one.id}`,
    kind: '请假',
    who: one.member.name,
    lines: [one.meeting.title ?? '', `${shortDay(one.meeting.starts_at)}召开`, ABSENCE_REASONS[one.reason_code]].filter(
      Boolean,
    ),
    accept: { label: '同意', done: '已同意', send: () => api.post('/api/v1/leave-requests/{request_id}/approval', at) },
    refusals: [
      {
        label: '不同意',
        done: '未同意',
        phrases: ['本次会议须表决，请到会。', '请与支部书记当面说明。'],
        send: reason => api.post('/api/v1/leave-requests/{request_id}/refusal', { ...at, body: { reason } }),
      },
    ],
  }
}

export function applicationItem(one: LinkApplication): Item {
  const at = path(one.id, 'application_id') as { path: { application_id: number } }
  const why = one.reason === 'ambiguous' ? '手机号对应名册中不止一人' : '手机号不在名册中'
  const item = {
    id: one.id,
    subject: `link_application:${one.id}`,
    who: one.applicant_name || `手机尾号${one.phone_tail}`,
    refusals: [
      {
        label: '不是本支部党员',
        done: '已答复',
        phrases: ['名册中没有您的信息，请联系所在支部。'],
        send: (reason: string) =>
          api.post('/api/v1/link-applications/{application_id}/refusal', { ...at, body: { reason } }),
      },
    ],
  }
  if (!one.can.includes('confirmation'))
    return { ...item, kind: '身份核对', ask: 'roster', lines: [`${why}，手机尾号${one.phone_tail}`] }
  const member = one.member!
  return {
    ...item,
    kind: '身份复核',
    lines: [
      `支部核对为名册中的${member.name}（${member.branch.name}）`,
      `申请人手机尾号${one.phone_tail}，与名册登记的不一致。请当面或电话核实是本人后再同意。`,
      one.holds_office ? '该党员担任职务，关联后职务权限一并生效。' : '',
    ].filter(Boolean),
    accept: {
      label: '同意关联',
      done: '已同意关联',
      send: () =>
        api.post('/api/v1/link-applications/{application_id}/confirmation', { ...at, body: { member_id: member.id } }),
    },
    refusals: [{ ...item.refusals[0]!, label: '不同意', phrases: ['未能核实是本人，请联系所在支部。'] }],
  }
}

const UNFIT = ['内容与工作无关，请修改。', '请改用规范、文明的表述。'] as const

export function textCheckItem(one: TextCheck): Item {
  const at = path(one.id, 'check_id') as { path: { check_id: number } }
  return {
    id: one.id,
    subject: `text_check:${one.id}`,
    kind: '文字核查',
    who: one.author?.name ?? '',
    lines: [`“${one.content}”`, one.finding],
    accept: {
      label: '可以显示',
      done: '已允许显示',
      send: () => api.post('/api/v1/text-checks/{check_id}/release', at),
    },
    refusals: [
      {
        label: '不显示',
        done: '已隐藏',
        phrases: UNFIT,
        send: reason => api.post('/api/v1/text-checks/{check_id}/removal', { ...at, body: { reason } }),
      },
    ],
  }
}

export function attachmentItem(one: AttachmentCase): Item {
  const at = path(one.id, 'attachment_id') as { path: { attachment_id: number } }
  return {
    id: one.id,
    subject: `attachment:${one.id}`,
    kind: '图片核查',
    who: one.member?.name ?? '',
    attachments: [one],
    lines: ['这张图片需要人工核查，请打开看看。'],
    accept: {
      label: '可以显示',
      done: '已允许显示',
      send: () => api.post('/api/v1/attachments/{attachment_id}/release', at),
    },
    refusals: [
      {
        label: '移除',
        done: '已移除',
        phrases: ['图片与活动无关。', '图片含有他人隐私，请更换。'],
        send: reason => api.post('/api/v1/attachments/{attachment_id}/removal', { ...at, body: { reason } }),
      },
    ],
  }
}

export function unitItem(one: UnitRegistration): Item {
  const at = path(one.id, 'registration_id') as { path: { registration_id: number } }
  return {
    id: one.id,
    subject: `unit_registration:${one.id}`,
    kind: '单位报到',
    who: one.unit.name,
    lines: [`联络员：${one.contact?.name ?? ''}`, `计划：${one.plan}`, ...one.resources.map(resourceLine)],
    accept: {
      label: '接收',
      done: '已接收',
      send: () => api.post('/api/v1/unit-registrations/{registration_id}/acceptance', at),
    },
    refusals: [
      {
        label: '退回补充',
        done: '已退回',
        phrases: ['请写明可以提供的资源和时间。', '请先与我们商定计划。'],
        send: reason => api.post('/api/v1/unit-registrations/{registration_id}/return', { ...at, body: { reason } }),
      },
    ],
  }
}

/** Everything that waits, what has a day to be answered by first, then in order of arrival. */
export function itemsOf(things: WaitingThings): Item[] {
  const byTerm = (items: Item[]) => items.sort((a, b) => (a.due ?? '').localeCompare(b.due ?? ''))
  const oldestFirst = (items: Item[]) => items.sort((a, b) => a.id - b.id)
  return [
    ...byTerm(things.registrations.map(registrationItem)),
    ...oldestFirst(things.requests.map(requestItem)),
    ...oldestFirst(things.applications.map(applicationItem)),
    ...oldestFirst(things.serviceRecords.map(serviceRecordItem)),
    ...byTerm(things.claims.map(claimItem)),
    ...oldestFirst(things.delivered.map(deliveryItem)),
    ...oldestFirst(things.reviews.map(reviewItem)),
    ...oldestFirst(things.demands.map(demandItem)),
    ...oldestFirst(things.units.map(unitItem)),
    ...things.leave.map(leaveItem),
    ...oldestFirst(things.textChecks.map(textCheckItem)),
    ...oldestFirst(things.attachments.map(attachmentItem)),
  ]
}
