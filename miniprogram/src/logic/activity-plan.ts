import type { Activity } from '@app/api'
import { dateOf, moment, plusDays, timeOf, today } from './shanghai'
import type { RISKS, SERVICE_CATEGORIES } from './words'

export interface Turn {
  id: number | null
  date: string
  from: string
  to: string
  places: string
}
export interface Plan {
  title: string
  category: keyof typeof SERVICE_CATEGORIES | ''
  content: string
  place: string
  turns: Turn[]
  risk: keyof typeof RISKS
  insurance: string
  age: string
  notice: string
  volunteer: boolean
  unit: { id: number; name: string } | null
}

/** A Saturday morning or any other: two hours in a week. */
export const freshTurn = (date = plusDays(today(), 7)): Turn => ({
  id: null,
  date,
  from: '09:00',
  to: '11:00',
  places: '10',
})
export const freshPlan = (): Plan => ({
  title: '',
  category: '',
  content: '',
  place: '',
  turns: [freshTurn()],
  risk: 'low',
  insurance: '',
  age: '',
  notice: '24',
  volunteer: false,
  unit: null,
})

export function planOf(activity: Activity): Plan {
  return {
    title: activity.title,
    category: activity.category,
    content: activity.content,
    place: activity.place,
    turns: activity.shifts.map(one => ({
      id: one.id,
      date: dateOf(one.starts_at),
      from: timeOf(one.starts_at),
      to: timeOf(one.ends_at),
      places: String(one.places),
    })),
    risk: activity.risk,
    insurance: activity.insurance_note,
    age: activity.age_note,
    notice: String(activity.notice_hours),
    volunteer: activity.is_volunteer_service,
    unit: activity.unit ? { id: activity.unit.id, name: activity.unit.name } : null,
  }
}

const whole = (text: string) => /^[1-9]\d{0,2}$/.test(text.trim())
const turnComplaint = (turn: Turn) =>
  !whole(turn.places) ? '名额请填写1到999之间的整数。' : turn.to === turn.from ? '结束时间应晚于开始时间。' : ''

/** What is missing or cannot be, by field; of shifts by their place. */
export function complaintsOf(plan: Plan): Record<string, string> {
  const turns = plan.turns.map((turn, index) => [`turn${index}`, turnComplaint(turn)]).filter(([, text]) => text)
  return {
    ...(!plan.title.trim() && { title: '请写活动名称。' }),
    ...(!plan.category && { category: '请选择服务类别。' }),
    ...(!plan.content.trim() && { content: '请写明做什么。' }),
    ...(!plan.place.trim() && { place: '请写明在哪里。' }),
    ...(plan.risk !== 'low' && !plan.insurance.trim() && { insurance_note: '有风险的活动，请先写明怎样投保。' }),
    ...(!/^\d{1,3}$/.test(plan.notice.trim()) && { notice_hours: '请填写0到720之间的整数。' }),
    ...Object.fromEntries(turns),
  }
}

/** A shift that ends before it begins ends on the next day. */
export function wireOf(plan: Plan) {
  return {
    title: plan.title.trim(),
    category: plan.category || 'other',
    content: plan.content.trim(),
    place: plan.place.trim(),
    risk: plan.risk,
    insurance_note: plan.insurance.trim(),
    age_note: plan.age.trim(),
    notice_hours: Number(plan.notice),
    is_volunteer_service: plan.volunteer,
    unit_id: plan.unit?.id ?? null,
  }
}

export const shiftsOf = (plan: Plan) =>
  plan.turns.map(turn => ({
    id: turn.id,
    starts_at: moment(turn.date, turn.from),
    ends_at: moment(turn.to < turn.from ? plusDays(turn.date, 1) : turn.date, turn.to),
    places: Number(turn.places),
  }))
