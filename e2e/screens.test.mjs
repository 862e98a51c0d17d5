// Every page of every role: readable, tappable, one round of calls, at home on small and large screens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openPhone } from './browser.mjs'
import { Caller, stranger } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const PAGES = {
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
    '/demands/resources?code=460106003004',
    '/demands/raise',
    '/demands/mine',
    '/activities/list',
    '/activities/activity?id={activity}',
    '/activities/mine',
    '/activities/check-in?id={activity}',
    '/duties/evidence?rule=1a',
    '/account/about',
    '/account/privacy',
    '/account/messages',
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
  ],
  蔡文静: [
    '/registrations/branch?branch={branch}',
    '/meetings/convene',
    '/meetings/change?id={coming}',
    '/meetings/meeting?id={meeting}',
    '/meetings/attendance?id={meeting}',
  ],
  曾志远: ['/projects/claims', '/projects/project?id={project}', '/demands/raise', '/projects/deliver?id={claim}'],
  梁慧敏: ['/registrations/overdue', '/pages/inbox', '/projects/project?id={review}'],
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
  ],
}
const COMMUNITY = '460106003004'
const LATENCY_MS = 400
let city, browser
const ids = {}
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  const member = await Caller.open(city.base, 'demo-member')
  const meetings = (await member.get('/me/meetings?limit=50')).items
  ids.branch = (await (await Caller.open(city.base, 'demo-branch-secretary')).get('/me')).branch.id
  ids.meeting = meetings.find(one => one.status === 'closed').id
  ids.coming = meetings.find(one => one.status === 'convened').id
  ids.project = (await member.get('/projects?status=open&limit=1')).items[0].id
  ids.activity = (await member.get(`/activities?status=running&community_code=${COMMUNITY}`)).items[0].id
  ids.record = await returnedRecord()
  ids.claim = (await claimUnderWay('整理自行车棚')).id
  await needs()
})

/** Needs that wait and that are listed, what a resident brought, and a project for the street to review. */
async function needs() {
  const [keeper, resident] = [
    await Caller.open(city.base, 'demo-community-secretary'),
    await Caller.open(city.base, 'demo-resident'),
  ]
  const first = async path => (await keeper.get(path)).items[0].id
  ids.waiting = await first('/demands?decidable=true')
  ids.demand = await first(`/demands?status=published&community_code=${COMMUNITY}`)
  ids.list = await first(`/demand-lists?community_code=${COMMUNITY}`)
  ids.own = (await resident.get('/me/demands')).items[0].id
  const delivered = await claimUnderWay('粉刷楼道')
  ids.delivered = delivered.project
  await delivered.contact.post(`/claims/${delivered.id}/delivery`, { summary: '已粉刷', delivered_on: day() })
  ids.review = (await keeper.post('/projects', { ...project('检修屋顶'), risk: 'high', insurance_note: '已投保' })).id
  await keeper.post(`/projects/${ids.review}/opening`)
}

/** A service the community asks more about, for its member to complete. */
async function returnedRecord() {
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
async function claimUnderWay(title) {
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
after(async () => {
  await browser?.close()
  await city?.close()
})

const withIds = path => path.replace(/{(\w+)}/, (_, name) => ids[name])

/** Whether somebody is on a roster is known from the first answers alone: the browser itself reports the 403. */
function settled(person, path) {
  if (person.name === '居民' && path === '/pages/home') person.problems.splice(0)
}

/** When each call of the API began, as long as every answer takes its time. */
async function slowly(person) {
  const begun = []
  await person.context.route('**/api/v1/**', async route => {
    begun.push(Date.now())
    await new Promise(resolve => setTimeout(resolve, LATENCY_MS))
    await route.continue()
  })
  return begun
}

for (const [name, paths] of Object.entries(PAGES)) {
  for (const look of [{ width: 320 }, { width: 768, dark: true }]) {
    test(`${name} can use each page at ${look.width} px${look.dark ? ' in the dark' : ''}`, async () => {
      const person = await Person.open(browser, city.base, name, look)
      const found = []
      for (const path of paths.map(withIds)) {
        await person.open(path)
        settled(person, path)
        const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
        if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
        found.push(...wrong.map(one => `${path}: ${one}`))
      }
      assert.deepEqual(found, [])
      await person.close()
    })
  }
  test(`no page of ${name} waits for a second round of calls`, async () => {
    const person = await Person.open(browser, city.base, name)
    const begun = await slowly(person)
    for (const path of paths.map(withIds)) {
      begun.length = 0
      await person.open(path)
      settled(person, path)
      const late = begun.filter(at => at - begun[0] >= LATENCY_MS)
      assert.deepEqual(late, [], `${path} made ${begun.length} calls, ${late.length} of them late`)
    }
    await person.close()
  })
}

test('what the secretaries are asked before they decide can be read and tapped', async () => {
  await stranger(city, { name: '丙来客', phone: '10000009903' })
  const { id, contact } = await claimUnderWay('清洗空调滤网')
  await contact.post(`/claims/${id}/delivery`, { summary: '已清洗', delivered_on: day() })
  const look = async person => {
    await person.settle()
    assert.deepEqual([...(await barriers(person.page)), ...(await hardToUse(person.page))], [])
    await person.tap('关闭', person.page.getByRole('dialog').filter({ visible: true }))
    await person.settle()
  }
  const QUESTIONS = {
    冯建军: [/^退回补充，/, /^不接收，/, /^不同意，/, /^验收，/, /^请补充，/, /^未能完成，/, /^办理，/],
    梁慧敏: [/^退回社区，/],
    蔡文静: ['核对，丙来客', '不是本支部党员，丙来客'],
  }
  for (const [name, buttons] of Object.entries(QUESTIONS)) {
    const person = await Person.open(browser, city.base, name, { width: 320 })
    await person.open('/pages/inbox')
    for (const button of buttons) {
      await person.tap(button)
      await look(person)
    }
    await person.close()
  }
})

test('signing in, the privacy notice and the roster check can be read and tapped', async () => {
  const phone = await openPhone(browser, city.base, { width: 320 })
  const look = async () => [...(await barriers(phone.page)), ...(await hardToUse(phone.page))]
  const there = async words => phone.page.getByText(words).filter({ visible: true }).first().waitFor()
  await phone.page.goto(`${city.base}/m/`)
  await there('请选择一个身份登录')
  assert.deepEqual(await look(), [])
  await phone.page.getByRole('button', { name: /^何晓晴/ }).tap()
  await there('同意并继续')
  assert.deepEqual(await look(), [])
  await phone.page.getByRole('button', { name: '同意并继续' }).tap()
  await there('我是社区居民')
  assert.deepEqual(await look(), [])
  await phone.page.getByRole('button', { name: /^我是党员/ }).tap()
  await there('用演示手机号核对')
  assert.deepEqual(await look(), [])
  assert.deepEqual(phone.problems, [])
  await phone.context.close()
})

test('the first load is under 220 KB as it is sent', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  let bytes = 0
  await session.send('Network.enable')
  session.on('Network.loadingFinished', event => {
    bytes += event.encodedDataLength
  })
  await page.goto(`${city.base}/`)
  await page.getByText('请选择一个身份登录').waitFor()
  await page.waitForLoadState('networkidle')
  assert.ok(page.url().startsWith(`${city.base}/m/`))
  assert.ok(bytes > 20_000 && bytes < 220 * 1024, `${bytes} bytes`)
  await context.close()
})

test('large type stays on one screen, follows the account and leaves with it', async () => {
  const person = await Person.open(browser, city.base, '王海涛', { width: 320 })
  await person.tab('我的')
  await person.tap('大字显示')
  await person.page.getByRole('checkbox', { name: /大字显示/, checked: true }).waitFor()
  for (const path of [
    '/pages/home',
    '/pages/mine',
    '/registrations/find',
    '/projects/list',
    '/meetings/calendar',
    '/registrations/outside',
    '/documents/verify',
  ]) {
    await person.open(path)
    assert.equal(await overflow(person.page), 0, path)
    assert.deepEqual(await barriers(person.page), [], path)
    const size = await person.page
      .locator('.title, .text, .input')
      .filter({ visible: true })
      .first()
      .evaluate(one => Number.parseFloat(getComputedStyle(one).fontSize))
    assert.ok(size > 20, `${path}: ${size} px`)
  }
  await person.open('/projects/list')
  const shares = await person.page
    .locator('.row')
    .filter({ visible: true })
    .evaluateAll(rows => rows.map(row => row.querySelector('.words').offsetWidth / row.offsetWidth))
  assert.ok(shares.length && shares.every(share => share > 0.6), `words beside a state: ${shares}`)
  assert.deepEqual(await person.page.evaluate(() => Object.keys(localStorage).filter(key => !key.startsWith('__'))), [
    'token',
  ])
  await person.close()
})

test('a lost network keeps what was typed and a double tap sends once', async () => {
  const person = await Person.open(browser, city.base, '符秀英')
  await person.open('/registrations/offer?code=460106003004')
  await person.write('特长', '维修')
  await person.context.setOffline(true)
  await person.tap('提交报到')
  await person.sees('网络连接不上')
  await person.context.setOffline(false)
  await person.page.reload()
  await person.settle()
  assert.equal(await person.page.getByRole('textbox', { name: '特长' }).inputValue(), '维修')
  let sent = 0
  person.page.on('request', request => {
    if (request.method() === 'POST' && request.url().endsWith('/registrations')) sent += 1
  })
  const button = person.found('提交报到')
  await Promise.all([button.tap(), button.tap()]).catch(() => undefined) // the second finds the page gone
  await person.sees('等待社区答复')
  assert.equal(sent, 1)
  assert.equal(await person.page.evaluate(() => localStorage.getItem('draft')), null)
  person.problems.splice(0) // the browser itself complains of the lost network
  await person.close()
})

test('a phone in another zone shows Shanghai time', async () => {
  const person = await Person.open(browser, city.base, '吴清明', { zone: 'America/New_York' })
  await person.open(withIds('/meetings/meeting?id={meeting}'))
  await person.sees('15:00—17:00')
  await person.close()
})
