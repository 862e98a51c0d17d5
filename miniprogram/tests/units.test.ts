import { describe, expect, it } from 'vitest'
import { openYears, rolesOf, servicesOf } from '@/logic/feedback'
import { told } from '@/logic/needs'
import { placeOf } from '@/logic/places'
import { complaintsOf, freshOffer, offersOf, resourceLine } from '@/logic/units'

describe('a resource list', () => {
  it('reads as one line an offer, leaving out what was not said', () => {
    expect(resourceLine({ kind: 'venue', description: '会议室一间', amount: '可容纳40人', times: '工作日晚间' })).toBe(
      '场地：会议室一间，可容纳40人，工作日晚间',
    )
    expect(resourceLine({ kind: 'people', description: '志愿者', amount: '', times: '' })).toBe('人员：志愿者')
  })
  it('sends nothing for a line that was begun and left empty', () => {
    expect(offersOf([freshOffer(), { kind: 'other', description: ' 车位 ', amount: '', times: '' }])).toEqual([
      { kind: 'other', description: '车位', amount: '', times: '' },
    ])
  })
  it('asks what is offered where only how much or when is said', () => {
    expect(Object.keys(told(complaintsOf([freshOffer(), { ...freshOffer(), times: '周末' }])))).toEqual(['resource1'])
  })
})

describe('the facts of a year', () => {
  it('say what was done and in which roles, and leave out what was not', () => {
    expect(servicesOf({ services: 0, minutes: 0, categories: [] })).toBe('没有已确认的志愿服务记录。')
    expect(servicesOf({ services: 2, minutes: 90, categories: ['care', 'safety'] })).toBe(
      '志愿服务2次，共1小时30分钟（关爱帮扶、平安守护）',
    )
    expect(rolesOf({ organised: 0, stood_in: 0, unit_projects: 0 })).toBe('')
    expect(rolesOf({ organised: 2, stood_in: 0, unit_projects: 1 })).toBe('组织社区活动2次，代表单位完成项目1个')
  })
  it('are of this year, in January of the last one first', () => {
    expect(openYears('2026-12-31')).toEqual([2026])
    expect(openYears('2027-01-02')).toEqual([2026, 2027])
  })
})

describe('a message about papers, units and feedback', () => {
  it('leads to the thing, and for whoever decides to what waits', () => {
    expect(placeOf({ kind: 'certificates.issued', subject: 'service_certificate:1' })).toBe('/documents/certificates')
    expect(placeOf({ kind: 'certificates.requested', subject: 'service_certificate:1' })).toBeUndefined()
    expect(placeOf({ kind: 'unit_registrations.submitted', subject: 'unit_registration:1' })).toBeUndefined()
    expect(placeOf({ kind: 'unit_registrations.renewal_due', subject: 'unit_registration:1' })).toBe('/units/list')
    expect(placeOf({ kind: 'conduct_feedback.written', subject: 'conduct_feedback:1' })).toBe('/feedback/mine')
    expect(placeOf({ kind: 'conduct_feedback.handed_over', subject: 'conduct_feedback:1' })).toBe('/feedback/received')
    expect(placeOf({ kind: 'conduct_feedback.deadline', subject: 'conduct_feedback:1' })).toBe('/feedback/mine')
    expect(placeOf({ kind: 'conduct_feedback.due', subject: 'area:1' })).toBe('/feedback/members')
  })
})
