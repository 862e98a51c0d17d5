// What only the console calls by a name; what the phone says, too, is in packages/words.
import type { components } from '@app/api'

type Schemas = components['schemas']

/** But Party groups, which their branch arranges on the phone. */
export const ORGANIZATION_KINDS: Record<Exclude<Schemas['OrganizationOut']['kind'], 'group'>, string> = {
  committee: '党委',
  general_branch: '党总支',
  branch: '党支部',
  joint_branch: '联合党支部',
}
export const kindOf = (kind: Schemas['OrganizationOut']['kind']) =>
  kind === 'group' ? '党小组' : ORGANIZATION_KINDS[kind]

/** What was done to a row of the rosters. */
export const ROSTER_ACTIONS: Record<string, string> = {
  founded: '设立',
  entered: '录入',
  corrected: '更正',
  moved: '调整隶属',
  merged: '合并',
  ended: '撤销',
}

export const LEAVING: Record<Schemas['LeavingIn']['code'], string> = {
  transferred_out: '组织关系转出本市',
  deceased: '去世',
  off_roster: '不再列入名册',
}

/** Choices of a select or a segmented control, in the order in which they are written. */
export const choices = (words: Record<string, string>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }))
