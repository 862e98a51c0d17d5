// What states and kinds are called on the screen, and how they look; what the console says, too, is in packages/words.
import { word } from '@app/words'

export * from '@app/words'

export const VERDICTS = {
  met: word('已履行', 'good'),
  met_late: word('已补办', 'good'),
  on_track: word('正在进行', 'wait'),
  not_due: word('未到期', 'plain'),
  at_risk: word('即将到期', 'warn'),
  overdue: word('逾期', 'warn'),
  exempt: word('免予', 'plain'),
  not_applicable: word('不适用', 'plain'),
  progress: word('进展', 'plain'),
} as const

export const OPEN = word('待办理', 'warn')

/** How subjects of a duty stand, as the figures count them. */
export const FIGURES = { met: '已履行', on_the_way: '正在进行', overdue: '逾期', exempt: '免予' } as const

export const MODALITIES = {
  must: '应当履行',
  qualitative: '原则要求，不定数量',
  target: '目标要求',
  may: '可以办理',
} as const

/** A rule without figures: nothing comes in yet from which to compute it, or it is not one for numbers. */
export const UNCOUNTED = { waiting: word('尚未计算', 'plain'), never: word('不设数字', 'plain') } as const

export const REGISTRATION = {
  submitted: word('等待社区答复', 'wait'),
  returned: word('请补充', 'warn'),
  rejected: word('未接收', 'warn'),
  withdrawn: word('已撤回', 'plain'),
  active: word('已接收', 'good'),
  paused: word('已暂停', 'plain'),
  transfer_pending: word('等待转接', 'wait'),
  ended: word('已结束', 'plain'),
} as const

export const SERVICE_RECORD = {
  submitted: word('等待社区确认', 'wait'),
  returned: word('请补充', 'warn'),
  withdrawn: word('已撤回', 'plain'),
  confirmed: word('已确认', 'good'),
  disputed: word('核实中', 'wait'),
  voided: word('已作废', 'plain'),
} as const

export const UNIT_REGISTRATION = {
  submitted: word('等待接收', 'wait'),
  returned: word('请补充', 'warn'),
  withdrawn: word('已撤回', 'plain'),
  active: word('已接收', 'good'),
  renewal_due: word('待续签', 'warn'),
  ended: word('已结束', 'plain'),
} as const

export const CERTIFICATE = {
  issued: word('已开具', 'good'),
  revoked: word('已撤销', 'plain'),
} as const

/** What a number says to anybody. */
export const STANDING = {
  valid: word('有效', 'good'),
  ended: word('报到已结束', 'plain'),
  outdated: word('所列记录已变更', 'warn'),
  revoked: word('已撤销', 'warn'),
} as const

export const FEEDBACK = {
  awaiting_reply: word('待本人过目', 'wait'),
  answered: word('已答复', 'good'),
  handed_over: word('已转党支部', 'good'),
} as const

export const RESOURCE_KINDS = {
  venue: '场地',
  people: '人员',
  expertise: '专业服务',
  materials: '物资',
  activity: '活动',
  other: '其他',
} as const

export const CLAIM = {
  waiting: word('候补中', 'wait'),
  submitted: word('等待社区答复', 'wait'),
  lapsed: word('社区未按期答复', 'warn'),
  accepted: word('已同意，待开始', 'good'),
  declined: word('未同意', 'warn'),
  in_progress: word('开展中', 'wait'),
  delivered: word('等待验收', 'wait'),
  completed: word('已完成', 'good'),
  withdrawn: word('已撤回', 'plain'),
  released: word('名额已释放', 'plain'),
  failed: word('未能完成', 'plain'),
} as const

export const PROJECT = {
  draft: word('未公布', 'plain'),
  review: word('街道审核中', 'wait'),
  open: word('可认领', 'good'),
  full: word('名额已满', 'plain'),
  in_progress: word('开展中', 'wait'),
  done: word('已完成，待评价', 'good'),
  evaluated: word('已完成', 'good'),
  cancelled: word('已取消', 'plain'),
  expired: word('已到期', 'plain'),
} as const

export const DEMAND = {
  draft: word('草稿', 'plain'),
  submitted: word('等待社区办理', 'wait'),
  accepted: word('已受理，待公布', 'wait'),
  merged: word('合并办理', 'plain'),
  referred: word('已转办', 'plain'),
  declined: word('未受理', 'warn'),
  published: word('已公布', 'good'),
  matched: word('已对接项目', 'good'),
  solved: word('已解决', 'good'),
  not_solvable: word('暂时无法解决', 'plain'),
  expired: word('公布期满', 'plain'),
  withdrawn: word('已撤回', 'plain'),
} as const

export const DEMAND_KINDS = { demand: '需求', micro_wish: '微心愿' } as const

/** Who brought a demand, as what; never which person. */
export const DEMAND_SOURCES = {
  resident: '居民',
  member: '党员',
  unit: '单位',
  grid_worker: '网格员',
  community: '社区',
} as const

export const MEETING = {
  convened: word('已通知', 'wait'),
  closed: word('已结束', 'good'),
  cancelled: word('已取消', 'plain'),
} as const
/** Of one that was not closed yet. */
export const MEETING_BEGUN = { on: word('进行中', 'wait'), over: word('待归档', 'warn') } as const

export const ACTIVITY = {
  draft: word('未发布', 'plain'),
  published: word('可报名', 'good'),
  full: word('名额已满，可候补', 'wait'),
  running: word('进行中', 'wait'),
  finished: word('已结束', 'plain'),
  cancelled: word('已取消', 'plain'),
} as const

export const SIGN_UP = {
  signed_up: word('已报名', 'good'),
  waiting: word('候补中', 'wait'),
  withdrawn: word('已退出', 'plain'),
} as const

export const RISKS = { low: '一般', medium: '有一定风险', high: '风险较高' } as const
/** The same where no word before them says what they are of. */
export const RISK_PHRASES = { ...RISKS, low: '风险一般' } as const

/** Why a claim fell away without anybody's doing. */
export const RELEASES = {
  not_started: '期限内没有开始，名额已释放，不影响您以后认领。',
  not_retried: '保留期内没有重新提交，名额已释放，不影响您以后认领。',
  project_cancelled: '项目已取消，认领随之结束。',
  project_over: '项目已到期，认领随之结束。',
  claimant_left: '党员名册已有变动，认领随之结束。',
} as const

export const PRESENCE = { present: '到场', excused: '请假', no_show: '未到' } as const

export const ATTENDANCE = { present: '到会', excused: '请假', absent: '缺席' } as const

export const EXEMPTION = {
  holds: word('有效', 'good'),
  coming: word('未开始', 'wait'),
  over: word('已结束', 'plain'),
} as const

export const GROUNDS = { old_age: '年老', frail: '体弱', serious_illness: '重病', disability: '残疾' } as const

export const ATTACHMENT = {
  checking: word('核查中', 'wait'),
  available: word('可查看', 'good'),
  held: word('待人工核查', 'wait'),
  removed: word('已移除', 'plain'),
} as const

export const MEETING_KINDS = {
  members_assembly: '支部党员大会',
  committee_meeting: '支部委员会会议',
  group_meeting: '党小组会',
  party_lecture: '党课',
  theme_day: '主题党日',
  organizational_life_meeting: '组织生活会',
  member_appraisal: '民主评议党员',
} as const

export const GATHERINGS = { members: '全体党员', committee: '支部委员会', group: '党小组' } as const

/** Why somebody is away from a meeting; of illness nothing more is asked. */
export const LEAVE_REASONS = {
  illness: '身体原因',
  frailty: '年老体弱',
  work: '工作原因',
  travel: '外出',
  family: '家庭原因',
  other: '其他',
} as const
export const ABSENCE_REASONS = { ...LEAVE_REASONS, unexplained: '未说明' } as const

export const LEAVE = {
  submitted: word('等待书记答复', 'wait'),
  approved: word('已同意', 'good'),
  refused: word('未同意', 'warn'),
  withdrawn: word('已撤回', 'plain'),
  lapsed: word('会议已取消', 'plain'),
} as const

export const DECISIONS = {
  ordinary: '一般决议',
  admission: '接收预备党员',
  conversion: '预备党员转正',
  election: '选举',
  committee_decision: '支委会决定',
} as const

export const OUTCOMES = {
  passed: word('通过', 'good'),
  not_passed: word('未通过', 'plain'),
  invalid: word('到会人数不足，表决无效', 'warn'),
} as const

/** The six classes that may be left out of those due in an election, with the superior's consent. */
export const EXCLUSION_GROUNDS = {
  cannot_express_will: '因病不能表达意志',
  abroad: '在国外半年以上',
  serving_sentence: '被判刑正在服刑',
  frail: '年老体弱卧床不起',
  transfer_not_made: '外出学习工作半年以上未转组织关系',
  retired_elsewhere: '退休回原籍居住未转组织关系',
} as const

export const SERVICE_CATEGORIES = {
  environment: '环境整治',
  care: '关爱帮扶',
  safety: '平安守护',
  education: '教育辅导',
  culture: '文化活动',
  health: '健康服务',
  mediation: '矛盾调解',
  governance: '社区治理',
  other: '其他',
} as const

export const CLAIMANTS = { any: '党员和单位', members: '党员', units: '单位' } as const

/** By what somebody is signed in. */
export const DEVICES = { phone: '手机端', console: '电脑端', staff: '电脑端' } as const

export const REJECTIONS = { not_a_member: '不是党员', wrong_community: '不住本社区', duplicate: '重复报到' } as const

export const REQUESTS = { pause: '暂停报到', resumption: '恢复报到', ending: '结束报到' } as const

export const SLIPS = { pause: '按书面申请暂停', resumption: '按书面申请恢复', ending: '按书面申请结束' } as const

/** Why somebody is away; of illness nothing more is asked. */
export const PAUSE_REASONS = { posting: '外派、挂职或借调', study: '脱产学习', illness: '因病', leave: '休假' } as const

/** What a member may give, what a community may act on by itself, and all that can be read. */
export const OWN_END_REASONS = {
  moved: '已搬离',
  left_unit: '调离单位',
  retired: '已退休',
  withdrawn: '不再参加',
} as const
export const COMMUNITY_END_REASONS = {
  moved: '已搬离',
  left_unit: '调离单位',
  retired: '已退休',
  deceased: '去世',
  membership_ended: '不再是党员',
  data_error: '登记有误',
} as const
export const END_REASONS = { ...OWN_END_REASONS, ...COMMUNITY_END_REASONS, area_changed: '社区撤并' } as const

export const BASES = { owner: '自有住房', tenant: '租住', family: '随家人居住', workplace: '工作单位所在地' } as const

/** The period that is running. */
export const PERIODS: Record<string, string> = { year: '今年', half_year: '这半年', quarter: '本季度', month: '本月' }

export const REGISTER_ENTRY = {
  standing: word('有效', 'good'),
  ended: word('已结束', 'plain'),
  voided: word('已作废', 'warn'),
} as const
export const NOT_YET = word('尚未开始', 'wait')
