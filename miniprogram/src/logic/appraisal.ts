import type { MeetingDetail } from '@app/api'
import type { Needs } from './needs'

type Appraised = Pick<MeetingDetail, 'kind' | 'status' | 'due_count' | 'appraised_count'>

/** Whether closing this meeting asks how many were appraised. */
export const isAppraisal = (meeting: Pick<MeetingDetail, 'kind'>): boolean => meeting.kind === 'member_appraisal'

/** How many were appraised, of a closed appraisal; nothing of any other meeting. */
export function appraisalOf(meeting: Appraised): string {
  if (!isAppraisal(meeting) || meeting.status !== 'closed') return ''
  return meeting.appraised_count === null
    ? '参评人数未记录'
    : `参评${meeting.appraised_count}人，应参评${meeting.due_count}人`
}

/** What is wrong with a number typed, of so many due. */
export const complaintsOf = (typed: string, due: number): Needs => ({
  appraised_count:
    (!/^\d+$/.test(typed.trim()) && '请填写参评人数。') ||
    (Number(typed) > due && `参评人数不能超过应参评的${due}人。`),
})
