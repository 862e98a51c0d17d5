import type { Task } from '@app/api'
import { api } from '@/api'
import type { Item, Ways } from './item'
import { placeOf } from './places'
import { CLAIM, DELIVERY, REVIEW } from './project-decisions'
import { REJECTIONS } from './words'

type Kind = (task: Task) => Ways
const MORE_FACTS = ['时间填写有误，请核对。', '请补充说明做了什么。'] as const
const UNFIT = ['内容与工作无关，请修改。', '请改用规范、文明的表述。'] as const

const registration =
  (more: readonly string[], not: readonly string[]): Kind =>
  ({ id }) => {
    const at = { path: { registration_id: id } }
    return {
      accept: {
        step: 'acceptance',
        label: '接收',
        done: '已接收',
        send: () => api.post('/api/v1/registrations/{registration_id}/acceptance', at),
      },
      refusals: [
        {
          step: 'return',
          label: '退回补充',
          done: '已退回',
          phrases: more,
          send: reason => api.post('/api/v1/registrations/{registration_id}/return', { ...at, body: { reason } }),
        },
        {
          step: 'rejection',
          label: '不接收',
          done: '未接收',
          phrases: not,
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

const request =
  (label: string): Kind =>
  ({ id }) => {
    const at = { path: { request_id: id } }
    return {
      accept: {
        step: 'confirmation',
        label,
        done: '已同意',
        send: () => api.post('/api/v1/registration-requests/{request_id}/confirmation', at),
      },
      refusals: [
        {
          step: 'refusal',
          label: '不同意',
          done: '未同意',
          phrases: ['请先与社区联系，说明情况。', '请等手头的服务项目结束后再申请。'],
          send: reason => api.post('/api/v1/registration-requests/{request_id}/refusal', { ...at, body: { reason } }),
        },
      ],
    }
  }

const record =
  (late: boolean): Kind =>
  ({ id }) => {
    const at = { path: { record_id: id } }
    const confirm = (late_reason?: string) =>
      api.post('/api/v1/service-records/{record_id}/confirmation', { ...at, body: { late_reason } })
    const sendBack = {
      step: 'return',
      label: '退回补充',
      done: '已退回',
      phrases: MORE_FACTS,
      send: (reason: string) => api.post('/api/v1/service-records/{record_id}/return', { ...at, body: { reason } }),
    }
    const step = 'confirmation'
    if (!late) return { accept: { step, label: '确认', done: '已确认', send: () => confirm() }, refusals: [sendBack] }
    const phrases = ['名单遗漏，已核对签到表。', '纸质登记单年后才收到。']
    return { refusals: [sendBack, { step, label: '补录', done: '已补录', phrases, send: confirm }] }
  }

/** The member says that a record is wrong: it is corrected, or kept as it is with a reason. */
const dispute =
  (voided: boolean): Kind =>
  ({ id }) => {
    const at = { path: { record_id: id } }
    const keep = {
      step: 'upholding',
      label: voided ? '维持作废' : '维持原记录',
      done: '已答复',
      phrases: ['经核对活动名单，原记录无误。'],
      send: (reason: string) => api.post('/api/v1/service-records/{record_id}/upholding', { ...at, body: { reason } }),
    }
    const out = {
      step: 'voiding',
      label: '作废',
      done: '已作废',
      phrases: ['本人说明未参加这次服务。'],
      send: (reason: string) => api.post('/api/v1/service-records/{record_id}/voiding', { ...at, body: { reason } }),
    }
    return {
      open: { step: 'correction', label: '更正', url: `/volunteering/correct?id=${id}` },
      refusals: voided ? [keep] : [keep, out],
    }
  }

const leave: Kind = ({ id }) => {
  const at = { path: { request_id: id } }
  return {
    accept: {
      step: 'approval',
      label: '同意',
      done: '已同意',
      send: () => api.post('/api/v1/leave-requests/{request_id}/approval', at),
    },
    refusals: [
      {
        step: 'refusal',
        label: '不同意',
        done: '未同意',
        phrases: ['本次会议须表决，请到会。', '请与支部书记当面说明。'],
        send: reason => api.post('/api/v1/leave-requests/{request_id}/refusal', { ...at, body: { reason } }),
      },
    ],
  }
}

const appointment: Kind = ({ id }) => {
  const at = { path: { appointment_id: id } }
  return {
    accept: {
      step: 'approval',
      label: '批准',
      done: '已批准',
      send: () => api.post('/api/v1/appointments/{appointment_id}/approval', at),
    },
    refusals: [
      {
        step: 'refusal',
        label: '不批准',
        done: '未批准',
        phrases: ['请核对人选后重新提名。', '请先与所在党组织沟通。'],
        send: reason => api.post('/api/v1/appointments/{appointment_id}/refusal', { ...at, body: { reason } }),
      },
    ],
  }
}

const refuseLink = (id: number, label: string, phrase: string) => ({
  step: 'refusal',
  label,
  done: '已答复',
  phrases: [phrase],
  send: (reason: string) =>
    api.post('/api/v1/link-applications/{application_id}/refusal', {
      path: { application_id: id },
      body: { reason },
    }),
})
const naming: Kind = ({ id }) => ({
  ask: { step: 'approval', by: 'roster' },
  refusals: [refuseLink(id, '不是本支部党员', '名册中没有您的信息，请联系所在支部。')],
})
const secondPerson: Kind = ({ id, said }) => ({
  accept: {
    step: 'confirmation',
    label: '同意关联',
    done: '已同意关联',
    send: () =>
      api.post('/api/v1/link-applications/{application_id}/confirmation', {
        path: { application_id: id },
        body: said!,
      }),
  },
  refusals: [refuseLink(id, '不同意', '未能核实是本人，请联系所在支部。')],
})

const text: Kind = ({ id }) => {
  const at = { path: { check_id: id } }
  return {
    accept: {
      step: 'release',
      label: '可以显示',
      done: '已允许显示',
      send: () => api.post('/api/v1/text-checks/{check_id}/release', at),
    },
    refusals: [
      {
        step: 'removal',
        label: '不显示',
        done: '已隐藏',
        phrases: UNFIT,
        send: reason => api.post('/api/v1/text-checks/{check_id}/removal', { ...at, body: { reason } }),
      },
    ],
  }
}

const picture: Kind = ({ id }) => {
  const at = { path: { attachment_id: id } }
  return {
    accept: {
      step: 'release',
      label: '可以显示',
      done: '已允许显示',
      send: () => api.post('/api/v1/attachments/{attachment_id}/release', at),
    },
    refusals: [
      {
        step: 'removal',
        label: '移除',
        done: '已移除',
        phrases: ['图片与活动无关。', '图片含有他人隐私，请更换。'],
        send: reason => api.post('/api/v1/attachments/{attachment_id}/removal', { ...at, body: { reason } }),
      },
    ],
  }
}

const unit: Kind = ({ id }) => {
  const at = { path: { registration_id: id } }
  return {
    accept: {
      step: 'acceptance',
      label: '接收',
      done: '已接收',
      send: () => api.post('/api/v1/unit-registrations/{registration_id}/acceptance', at),
    },
    refusals: [
      {
        step: 'return',
        label: '退回补充',
        done: '已退回',
        phrases: ['请写明可以提供的资源和时间。', '请先与我们商定计划。'],
        send: reason => api.post('/api/v1/unit-registrations/{registration_id}/return', { ...at, body: { reason } }),
      },
    ],
  }
}

/** Of what is done on a page of its own: there, and not at the list in which it stands. */
const onPage =
  (step: string, page: string): Kind =>
  ({ id }) => ({ open: { step, label: '去办理', url: `${page}?id=${id}` } })

const KINDS: Readonly<Record<string, Kind>> = {
  'registrations.answer': registration(
    ['请写明您的特长。', '请写明可以服务的时间。'],
    ['您的住址不在本社区，请向居住地社区报到。'],
  ),
  'registrations.outside_answer': registration(
    ['回执看不清，请重新上传。', '请写明当地社区的全称。'],
    ['回执与本人情况不符，请与支部联系。'],
  ),
  'registrations.correction': onPage('resubmission', '/registrations/mine'),
  'registrations.pause': request('同意暂停'),
  'registrations.resumption': request('同意恢复'),
  'registrations.ending': request('同意结束'),
  'volunteering.confirmation': record(false),
  'volunteering.late_confirmation': record(true),
  'volunteering.record_correction': onPage('resubmission', '/volunteering/record'),
  'volunteering.dispute': dispute(false),
  'volunteering.void_dispute': dispute(true),
  'unit_registrations.answer': unit,
  'unit_registrations.correction': onPage('resubmission', '/units/register'),
  'meetings.leave': leave,
  'appointments.approval': appointment,
  'onboarding.naming': naming,
  'onboarding.confirmation': secondPerson,
  'text_checks.review': text,
  'attachments.review': picture,
  'projects.review': REVIEW,
  'claims.answer': CLAIM,
  'claims.completion': DELIVERY,
  'claims.delivery': onPage('delivery', '/projects/deliver'),
  'demands.triage': () => ({ ask: { step: 'triage', by: 'triage' } }),
}

/** A task with the ways of answering it that are open; of a kind that has none, the page on which it is done. */
export function itemOf(task: Task): Item {
  const ways: Ways = KINDS[task.kind]?.(task) ?? {}
  const may = <T extends { step: string }>(way?: T) => (way && task.can.includes(way.step) ? way : undefined)
  const url = KINDS[task.kind] ? undefined : placeOf(task)
  return {
    subject: `${task.kind}:${task.id}`,
    task,
    accept: may(ways.accept),
    ask: may(ways.ask)?.by,
    open: may(ways.open) ?? (url ? { label: '去办理', url } : undefined),
    refusals: (ways.refusals ?? []).filter(one => may(one)),
  }
}
