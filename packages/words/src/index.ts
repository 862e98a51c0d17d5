// What the phone and the console call alike, and how it looks. No state is told by colour alone.
export type Tone = 'good' | 'wait' | 'warn' | 'plain'
export interface Word {
  text: string
  tone: Tone
}

export const word = (text: string, tone: Tone): Word => ({ text, tone })

export const ROLES = {
  community_secretary: '社区党组织书记',
  grid_worker: '网格员',
  branch_secretary: '党支部书记',
  unit_contact: '单位党建联络员',
  street_officer: '街道党建工作人员',
  district_officer: '区委组织部工作人员',
  city_officer: '市委组织部工作人员',
  system_administrator: '系统管理员',
  security_administrator: '安全管理员',
  audit_administrator: '审计管理员',
} as const

export const CATEGORIES = { full: '正式党员', probationary: '预备党员' } as const

export const UNIT_KINDS = {
  city_organ: '市直机关',
  district_organ: '区直机关',
  enterprise: '企业',
  institution: '事业单位',
  other: '其他',
} as const
