// What happens on any day: a session that ends, a place just taken, a long list, a swipe, a link to copy.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
const at = (days, time) => `${day(days)}T${time}:00+08:00`

let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

test('a session that ended elsewhere is renewed unseen or asked for; signing out leaves nothing behind', async () => {
  const member = await Person.open(browser, city.base, '李春燕')
  const kept = () => member.page.evaluate(() => localStorage.getItem('token'))
  const end = async () =>
    fetch(`${city.base}/api/v1/sessions/current`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await kept()}` },
    })
  const first = await kept()
  assert.equal((await end()).status, 204)
  await member.tab('我的')
  await member.sees('正式党员')
  assert.notEqual(await kept(), first)

  assert.equal((await end()).status, 204)
  await member.page.reload() // the browser forgets who was chosen
  await member.sees('请选择一个身份登录')
  member.problems.splice(0) // the browser itself reports the 401
  await member.signIn()
  await member.tab('我的')
  await member.tap('退出登录')
  await member.sees('请选择一个身份登录')
  assert.deepEqual(await member.page.evaluate(() => Object.keys(localStorage).filter(key => !key.startsWith('__'))), [])
  await member.close()
})

test('a place that was just taken, and a form that is not right, are told in plain words', async () => {
  await registered(city.base, 'demo-member-6', COMMUNITY)
  const other = await registered(city.base, 'demo-member-7', COMMUNITY)
  const member = await Person.open(browser, city.base, '林志强')
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const { id } = await keeper.post('/projects', {
    community_code: COMMUNITY,
    title: '只有一个名额',
    places: 1,
    starts_on: day(1),
    ends_on: day(30),
    claim_deadline: at(20, '18:00'),
  })
  await keeper.post(`/projects/${id}/opening`)
  await member.open(`/projects/project?id=${id}`)
  await other.post(`/projects/${id}/claims`, {})
  await member.tap('我来认领')
  await member.sees(/名额|已满/)

  await member.hasDraft('volunteering/log', {
    facts: { category: 'care', content: '还没结束的服务', date: day(1), from: '10:00', to: '09:00' },
  })
  await member.open('/volunteering/log')
  await member.tap(/^提交/)
  await member.sees('结束时间应晚于开始时间。')
  await member.hasDraft('volunteering/log', {
    facts: { category: 'care', content: '还没结束的服务', date: day(1), from: '10:00', to: '11:00' },
  })
  await member.open('/volunteering/log')
  await member.tap(/^提交/)
  await member.sees('服务结束后才能登记，请核对时间。')
  member.problems.splice(0) // the browser itself reports the 409 and the 422
  await member.close()
})

test('a long list pages as one scrolls, and a pull brings what is new', async () => {
  const member = await Person.open(browser, city.base, '周雨桐')
  const caller = await Caller.open(city.base, 'demo-member-9')
  for (let back = 1; back <= 23; back += 1) {
    await caller.post('/service-records', {
      community_code: COMMUNITY,
      category: 'care',
      content: `第${back}天`,
      started_at: at(-back, '09:00'),
      ended_at: at(-back, '10:00'),
    })
  }
  const card = member.page.locator('.record')
  await member.open('/volunteering/records')
  assert.equal(await card.count(), 20)
  await member.page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await member.settle()
  assert.equal(await card.count(), 23)

  await member.page.evaluate(() => scrollTo(0, 0))
  await caller.post('/service-records', {
    community_code: COMMUNITY,
    category: 'care',
    content: '刚刚记下的',
    started_at: at(-1, '11:00'),
    ended_at: at(-1, '12:00'),
  })
  await member.seesNot('刚刚记下的')
  await member.drag(member.page.locator('.record').first(), 0, 320)
  await member.sees('刚刚记下的')
  await member.close()
})

test('the secretary accepts with a swipe, and takes it back', async () => {
  await (await Caller.open(city.base, 'demo-member-8')).post('/registrations', { community_code: COMMUNITY })
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open('/pages/inbox')
  const card = secretary.page.locator('.decision', { hasText: '郑国栋' })
  await secretary.drag(card, -160, 0)
  await card.locator('.behind').tap()
  await secretary.sees('已接收郑国栋的报到')
  await secretary.tap('撤销')
  await secretary.found('接收，郑国栋').waitFor()
  await secretary.open('/registrations/community')
  await secretary.seesNot('郑国栋')
  await secretary.close()
})

test('whoever signs out has decided; the next one at the phone sees nothing of it', async () => {
  const { id } = await (
    await Caller.open(city.base, 'demo-member-4')
  ).post('/registrations', { community_code: COMMUNITY })
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tab('待办')
  await secretary.tap('接收，吴清明')
  await secretary.sees('秒后提交')
  await secretary.tab('我的')
  await secretary.tap('退出登录')
  await secretary.sees('请选择一个身份登录')
  await secretary.seesNot('吴清明的报到')
  const mine = await (await Caller.open(city.base, 'demo-member-4')).get('/me/registrations')
  assert.equal(mine.items.find(one => one.id === id).status, 'active')
  await secretary.close()
})

test('a meeting is convened by tapping alone; its link is copied, its agenda read', async () => {
  const branch = await Person.open(browser, city.base, '蔡文静')
  await branch.tap('召开会议')
  await branch.tap('主题党日')
  await branch.tap(/^日期：/)
  await branch.pickDay(day(1))
  await branch.tap('线上')
  await branch.tap('通知应到人员')
  await branch.sees('请粘贴以 https:// 开头的会议链接。')
  await branch.sees('还有1处需要填写或改正')
  await branch.write('会议链接', 'https://meeting.tencent.com/dm/xyz')
  await branch.tap(/^更多选项/)
  await branch.write('会议名称', '重温入党志愿')
  await branch.write('议程', '重温入党誓词\n交流体会')
  await branch.tap('通知应到人员')
  await branch.sees(/将通知\d+人/)
  await branch.confirm()
  await branch.sees('秒后提交')
  await branch.tap('撤销')
  await branch.tap('通知应到人员')
  await branch.confirm()
  await branch.leaveApp()
  await branch.sees('1. 重温入党誓词')
  await branch.sees('会议开始后可以登记名单')
  await branch.tap('腾讯会议')
  await branch.sees('会议链接已复制')
  await branch.close()
})

test('a meeting is moved: what is different is read before it is told, once', async () => {
  const branch = await Person.open(browser, city.base, '蔡文静')
  await branch.open('/meetings/calendar')
  await branch.tap('重温入党志愿')
  await branch.tap('修改会议')
  await branch.tap('保存修改')
  await branch.sees('没有改动，不用通知')
  await branch.tap('现场')
  await branch.tap('保存修改')
  await branch.sees('请填写地点，写明到哪里参加。')
  await branch.write('地点', '街道礼堂')
  await branch.tap('保存修改')
  await branch.sees(/方式由线上召开改为现场召开；地点由未填写改为街道礼堂。\s+将通知\d+人。/)
  await branch.confirm()
  await branch.sees('秒后提交')
  await branch.leaveApp()
  await branch.sees('地点：街道礼堂')
  const member = await Person.open(browser, city.base, '林志强')
  await member.tab('待办')
  await member.sees(/会议已变更：主题党日/)
  for (const one of [branch, member]) await one.close()
})

test('a service elsewhere in the city is logged for the community where it was given', async () => {
  const member = await Person.open(browser, city.base, '陈丽华')
  await member.tap('记录服务')
  await member.write('做了什么', '教老人用手机')
  await member.tap('教育辅导')
  await member.tap(/^提交/)
  await member.sees('请选择在哪个社区服务。')
  await member.tap(/^服务社区/)
  await member.write('社区名称', '新村村委会')
  // Of one name there are two: where they lie tells them apart.
  await member.found(/^博?新村村委会\s*秀英区/).waitFor()
  await member.tap(/^新村村委会\s*龙华区/)
  await member.tap('提交，由新村村委会确认')
  await member.sees('等待社区确认')
  await member.sees(/新村村委会/)
  await member.close()
})

test('messages through WeChat are agreed to, and taken back', async () => {
  const member = await Person.open(browser, city.base, '曾志远')
  const me = () =>
    fetch('/api/v1/me', { headers: { authorization: `Bearer ${localStorage.getItem('token')}` } }).then(answer =>
      answer.json(),
    )
  const agreed = async () => (await member.page.evaluate(me)).consent.purposes
  await member.tab('我的')
  for (const [checked, purposes] of [
    [true, ['core_service', 'subscription_messages']],
    [false, ['core_service']],
  ]) {
    await member.tap('微信消息提醒')
    await member.page.getByRole('checkbox', { name: /微信消息提醒/, checked }).waitFor()
    await member.settle()
    assert.deepEqual(await agreed(), purposes)
  }
  await member.close()
})

test("the community secretary's own registration and what is risky go to the street; nothing else does", async () => {
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  await keeper.post('/registrations', { community_code: COMMUNITY })
  const street = await Person.open(browser, city.base, '梁慧敏')
  await street.open('/pages/home')
  await street.sees('有2件事等您处理')
  await street.tab('待办')
  await street.tap('接收，冯建军')
  await street.tap(/^同意公布，/)
  await street.leaveApp()
  await street.sees('都处理完了')
  assert.equal((await keeper.get('/me')).registration.status, 'active')
  await street.close()
})

for (const [name, place] of [
  ['梁慧敏', '街道'],
  ['唐俊峰', '区'],
  ['韩雪松', '海口市'],
]) {
  test(`${name} opens a figure down to its organisations`, async () => {
    const officer = await Person.open(browser, city.base, name)
    await officer.tap('辖区职责')
    await officer.sees(new RegExp(place))
    await officer.tap('落实“三会一课”')
    await officer.sees(/支部委员会/)
    await officer.open('/pages/home')
    await officer.sees('辖区职责')
    await officer.seesNot(/件事等您处理/)
    await officer.close()
  })
}

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
  'base64',
)

/** Choose a file as the platform's own dialog would. */
async function choose(person, button, file) {
  const dialog = person.page.waitForEvent('filechooser')
  await person.tap(button)
  await (await dialog).setFiles(file)
  await person.settle()
}

test('a picture goes up with a service, is seen by the secretary, and by nobody else', async () => {
  const member = await Person.open(browser, city.base, '王海涛')
  await member.tap('记录服务')
  await member.write('做了什么', '清理楼道杂物')
  await member.tap('环境整治')
  await member.tap(/^服务社区/)
  await member.write('社区名称', '国贸')
  await member.tap(/^国贸社区居民委员会/)
  await member.tap(/^更多选项/)
  await choose(member, '添加图片', { name: 'IMG.png', mimeType: 'image/png', buffer: PHOTO })
  await member.sees('图片1.jpg')
  await member.tap(/^提交/)
  await member.sees('清理楼道杂物')
  const caller = await Caller.open(city.base, 'demo-member-2')
  const {
    items: [
      {
        attachments: [sent],
      },
    ],
  } = await caller.get('/me/service-records?limit=1')
  assert.equal(sent.content_type, 'image/jpeg')

  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tab('待办')
  await secretary.sees('清理楼道杂物')
  const card = secretary.page.locator('.decision', { hasText: '清理楼道杂物' })
  const shown = secretary.page.waitForResponse(answer => answer.url().includes('/content?'))
  await secretary.tap(/^打开图片1/, card)
  assert.equal((await shown).status(), 200, `${(await shown).url()} ${await (await shown).text()}`)
  assert.equal((await shown).headers()['content-type'], 'image/jpeg')
  for (const code of ['demo-member-3', 'demo-street-officer', 'demo-city-officer']) {
    await (await Caller.open(city.base, code)).get(`/attachments/${sent.id}`, [404])
  }
  for (const one of [member, secretary]) await one.close()
})

test('a doubtful text waits for the secretary, who lets it stand', async () => {
  const author = await Caller.open(city.base, 'demo-member-9')
  const { id } = await author.post('/service-records', {
    community_code: COMMUNITY,
    category: 'care',
    content: '待审的服务',
    started_at: at(-2, '15:00'),
    ended_at: at(-2, '16:00'),
  })
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const held = async () => (await keeper.get('/text-checks')).items.some(one => one.subject === `service_record:${id}`)
  const until = Date.now() + 20_000
  while (!(await held()) && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 200))

  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tab('待办')
  await secretary.sees('“待审的服务”')
  await secretary.tap('可以显示，周雨桐')
  await secretary.leaveApp()
  assert.equal(await held(), false)
  await secretary.close()
})

test('a meeting with material is called off, and its members are told why', async () => {
  const branch = await Person.open(browser, city.base, '蔡文静')
  await branch.tap('召开会议')
  await branch.tap(/^更多选项/)
  await branch.write('会议名称', '专题学习')
  await choose(branch, /^添加文件/, {
    name: '学习提纲.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(
      '%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1>>\nstartxref\n28\n%%EOF\n',
    ),
  })
  await branch.sees('学习提纲.pdf')
  await branch.write('地点', '社区党群服务中心二楼')
  await branch.tap('通知应到人员')
  await branch.confirm()
  await branch.leaveApp()
  await branch.sees('材料')
  await branch.tap('取消会议')
  await branch.tap('时间冲突，另行通知。')
  await branch.tap('取消会议', branch.page.getByRole('dialog').filter({ visible: true }))
  await branch.sees('会议已取消：时间冲突，另行通知。')
  const member = await Person.open(browser, city.base, '林志强')
  await member.tab('待办')
  await member.sees(/会议取消：支部党员大会/)
  await member.tap('全部标为已读')
  await member.seesNot('全部标为已读')
  await member.tap(/会议取消/)
  await member.sees('会议已取消：时间冲突，另行通知。')
  await member.sees('学习提纲.pdf')
  for (const one of [branch, member]) await one.close()
})
