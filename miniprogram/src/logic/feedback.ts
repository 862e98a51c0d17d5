import type { FeedbackFacts } from '@app/api'

/** In which roles somebody served besides, in words; empty where there is none. */
export const rolesOf = (facts: Pick<FeedbackFacts, 'organised' | 'stood_in' | 'unit_projects'>): string => [
  facts.organised && `组织社区活动${facts.organised}次`,
  facts.stood_in && `顶替他人参加${facts.stood_in}次`,
  facts.unit_projects && `代表单位完成项目${facts.unit_projects}个`,
].filter(Boolean).join('，')
