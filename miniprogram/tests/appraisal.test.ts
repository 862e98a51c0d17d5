import { expect, test } from 'vitest'
import { appraisalOf, complaintsOf, isAppraisal } from '@/logic/appraisal'
import { told } from '@/logic/needs'

test('a closed appraisal says how many took part, and one from before that nobody wrote it down', () => {
  const meeting = { kind: 'member_appraisal', status: 'closed', due_count: 25, appraised_count: 23 } as const
  expect(appraisalOf(meeting)).toBe('参评23人，应参评25人')
  expect(appraisalOf({ ...meeting, appraised_count: null })).toBe('参评人数未记录')
  expect(appraisalOf({ ...meeting, status: 'convened' })).toBe('')
  expect(appraisalOf({ ...meeting, kind: 'theme_day', appraised_count: null })).toBe('')
  expect(isAppraisal({ kind: 'theme_day' })).toBe(false)
})

test('of those due any number may have been appraised, and it must be said', () => {
  expect(['0', '23', ' 25 '].map(typed => told(complaintsOf(typed, 25)))).toEqual([{}, {}, {}])
  expect(['', 'x', '26'].map(typed => told(complaintsOf(typed, 25)).appraised_count)).toEqual([
    '请填写参评人数。',
    '请填写参评人数。',
    '参评人数不能超过应参评的25人。',
  ])
})
