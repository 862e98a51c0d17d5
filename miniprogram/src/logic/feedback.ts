import type { FeedbackFacts } from '@app/api'
import { duration, today } from './shanghai'
import { SERVICE_CATEGORIES } from './words'

/** `志愿服务3次，共8小时（关爱帮扶、平安守护）` */
export function servicesOf(facts: Pick<FeedbackFacts, 'services' | 'minutes' | 'categories'>): string {
  if (!facts.services) return '没有已确认的志愿服务记录。'
  const kinds = facts.categories.map(one => SERVICE_CATEGORIES[one as keyof typeof SERVICE_CATEGORIES]).join('、')
  return `志愿服务${facts.services}次，共${duration(facts.minutes)}${kinds && `（${kinds}）`}`
}

/** In which roles somebody served besides, in words; empty where there is none. */
export const rolesOf = (facts: Pick<FeedbackFacts, 'organised' | 'stood_in' | 'unit_projects'>): string =>
  [
    facts.organised && `组织社区活动${facts.organised}次`,
    facts.stood_in && `顶替他人参加${facts.stood_in}次`,
    facts.unit_projects && `代表单位完成项目${facts.unit_projects}个`,
  ]
    .filter(Boolean)
    .join('，')

/** Of which years a note may be written, the one that is asked for first: in January the last one, too. */
export function openYears(day = today()): number[] {
  const year = Number(day.slice(0, 4))
  return day.slice(5, 7) === '01' ? [year - 1, year] : [year]
}
