// Every page of every role, by its address, and what there must be for it in a city.
import { Caller } from './caller.mjs'
import { day } from './moments.mjs'

export const PAGES = {
  陈丽华: [
    '/pages/home',
    '/pages/inbox',
    '/pages/mine',
    '/registrations/find',
    '/registrations/offer?code=460106003004',
    '/registrations/offer',
    '/registrations/outside',
    '/registrations/mine',
    '/volunteering/log',
    '/volunteering/records',
    '/volunteering/record?id={record}',
    '/meetings/calendar',
    '/meetings/meeting?id={meeting}',
    '/projects/list',
    '/projects/project?id={project}',
    '/projects/claims',
    '/demands/list',
    '/demands/list?code=460106003004',
    '/demands/demand?id={demand}',
    '/demands/published?id={list}',
    '/demands/street?code=460106003',
    '/demands/resources?code=460106003004',
    '/demands/raise',
    '/demands/mine',
    '/activities/list',
    '/activities/activity?id={activity}',
    '/activities/mine',
    '/activities/check-in?id={activity}',
    '/duties/evidence?rule=1a&branch={branch}',
    '/duties/rules',
    '/duties/rule?rule=5d',
    '/account/about',
    '/account/privacy',
    '/account/messages',
    '/account/devices',
  ],
  冯建军: [
    '/pages/home',
    '/pages/inbox',
    '/projects/publish',
    '/projects/publish?demand={demand}',
    '/projects/list',
    '/projects/project?id={delivered}',
    '/demands/list?code=460106003004&state=submitted',
    '/demands/demand?id={waiting}',
    '/demands/raise',
    '/activities/activity?id={activity}',
    '/activities/plan?id={activity}',
    '/activities/attendance?id={activity}',
    '/activities/code?id={activity}',
    '/registrations/community',
    '/registrations/slip',
    '/volunteering/community',
    '/duties/area?code=460106003004',
    '/registers/all',
    '/registers/list?register=grid',
    '/registers/entry?register=grid&id={grid}',
    '/registers/entry?id={grid}',
    '/registers/form?register=estate',
    '/registers/form?register=grid&id={grid}',
    '/pages/mine',
    '/account/console',
  ],
  蔡文静: [
    '/registrations/branch?branch={branch}',
    '/meetings/convene',
    '/meetings/change?id={coming}',
    '/meetings/meeting?id={meeting}',
    '/meetings/attendance?id={meeting}',
  ],
  曾志远: ['/projects/claims', '/projects/project?id={project}', '/demands/raise', '/projects/deliver?id={claim}'],
  梁慧敏: [
    '/registrations/overdue',
    '/pages/inbox',
    '/projects/project?id={review}',
    '/demands/street?code=460106003&mine=true',
    '/registers/all',
    '/registers/list?register=grid',
  ],
  居民: [
    '/pages/home',
    '/pages/member-link',
    '/pages/member-link?as=member',
    '/pages/inbox',
    '/pages/mine',
    '/demands/list',
    '/demands/demand?id={own}',
    '/demands/raise',
    '/demands/mine',
  ],
  韩雪松: [
    '/duties/area?code=460100',
    '/duties/rule?code=460100&rule=1a&subject=organization',
    '/duties/rule?code=460100&rule=2k&subject=member',
    '/duties/subject?rule=1a&id={branch}',
  ],
}
const COMMUNITY = '460106003004'

/** Make what the pages show; return the ids that stand in their addresses. */
export async function idsFor(city) {
  const ids = {}
  const member = await Caller.open(city.base, 'demo-member')
  const meetings = (await member.get('/me/meetings?limit=50')).items
  ids.branch = (await (await Caller.open(city.base, 'demo-branch-secretary')).get('/me')).branch.id
  ids.meeting = meetings.find(one => one.status === 'closed').id
  ids.coming = meetings.find(one => one.status === 'convened').id
  ids.project = (await member.get('/projects?status=open&limit=1')).items[0].id
  ids.activity = (await member.get(`/activities?status=running&community_code=${COMMUNITY}`)).items[0].id
  ids.record = await returnedRecord(city)
  ids.claim = (await claimUnderWay(city, '整理自行车棚')).id
  await needs(city, ids)
  return ids
}

export const withIds = (path, ids) => path.replace(/{(\w+)}/, (_, name) => ids[name])

/** Needs that wait and that are listed, what a resident brought, and a project for the street to review. */
async function needs(city, ids) {
  const [keeper, resident] = [
    await Caller.open(city.base, 'demo-community-secretary'),
    await Caller.open(city.base, 'demo-resident'),
  ]
  const first = async path => (await keeper.get(path)).items[0].id
  const grid = { name: '第一网格', place_code: COMMUNITY, values: { households: 420 } }
  ids.grid = (await keeper.post('/registers/grid/entries', grid)).id
  ids.waiting = await first('/demands?decidable=true')
  ids.demand = await first(`/demands?status=published&community_code=${COMMUNITY}`)
  ids.list = await first(`/demand-lists?area_code=${COMMUNITY}`)
  ids.own = (await resident.get('/me/demands')).items[0].id
  const delivered = await claimUnderWay(city, '粉刷楼道')
  ids.delivered = delivered.project
  await delivered.contact.post(`/claims/${delivered.id}/delivery`, { summary: '已粉刷', delivered_on: day() })
  ids.review = (await keeper.post('/projects', { ...project('检修屋顶'), risk: 'high', insurance_note: '已投保' })).id
  await keeper.post(`/projects/${ids.review}/opening`)
}

/** A service the community asks more about, for its member to complete. */
async function returnedRecord(city) {
  const [member, keeper] = [
    await Caller.open(city.base, 'demo-member'),
    await Caller.open(city.base, 'demo-community-secretary'),
  ]
  const at = time => `${day(-1)}T${time}:00+08:00`
  const { id } = await member.post('/service-records', {
    community_code: COMMUNITY,
    category: 'care',
    content: '看望独居老人',
    started_at: at('09:00'),
    ended_at: at('10:00'),
  })
  await keeper.post(`/service-records/${id}/return`, { reason: '请补充地点' })
  return id
}

const project = title => ({
  community_code: COMMUNITY,
  title,
  places: 1,
  starts_on: day(),
  ends_on: day(30),
  claim_deadline: `${day(20)}T18:00:00+08:00`,
})

/** A project that the unit is carrying out, for its contact to deliver. */
export async function claimUnderWay(city, title) {
  const [contact, keeper] = [
    await Caller.open(city.base, 'demo-unit-contact'),
    await Caller.open(city.base, 'demo-community-secretary'),
  ]
  const { id } = await keeper.post('/projects', project(title))
  await keeper.post(`/projects/${id}/opening`)
  const claim = await contact.post(`/projects/${id}/claims`, { unit_id: (await contact.get('/me')).unit.id })
  await keeper.post(`/claims/${claim.id}/acceptance`)
  await contact.post(`/claims/${claim.id}/start`)
  return { id: claim.id, contact, project: id }
}
