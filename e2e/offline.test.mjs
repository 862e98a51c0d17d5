// Without network, and at addresses that lead nowhere: the app says what is the matter in its own words, and goes on.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openPhone } from './browser.mjs'
import { Caller } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { Person } from './person.mjs'

let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})
const usable = async page =>
  assert.deepEqual([await barriers(page), await hardToUse(page), await overflow(page)], [[], [], 0])
const icons = page =>
  page.locator('.uni-tabbar__icon img').evaluateAll(all => all.map(one => one.complete && one.naturalWidth > 0))

for (const look of [{ width: 320 }, { dark: true }]) {
  const where = look.dark ? 'in the dark' : 'on a small phone'
  test(`a tab that was never opened says that there is no network, ${where}, and opens once there is`, async () => {
    const member = await Person.open(browser, city.base, '陈丽华', look)
    await member.context.setOffline(true)
    await member.tab('我的')
    await member.sees('网络连接不上')
    await member.sees('这个页面还没有打开过')
    assert.deepEqual(await icons(member.page), [true, true, true])
    await usable(member.page)
    await member.tap('重试')
    await member.sees('还是连接不上')
    await member.tap('回到首页')
    await member.sees('陈丽华，您好')
    await member.tab('我的')
    await member.sees('网络连接不上')
    await member.context.setOffline(false)
    await member.tap('重试')
    await member.sees('大字显示')
    member.problems.splice(0) // the browser itself complains of the lost network
    await member.close()
  })
}

test('so does a page further in; what was read before stays on the screen', async () => {
  const member = await Person.open(browser, city.base, '王海涛')
  await member.tab('待办')
  await member.tab('首页')
  await member.context.setOffline(true)
  await member.tab('待办')
  await member.sees('显示的是之前的内容')
  await member.tab('首页')
  await member.tap('志愿服务活动')
  await member.sees('网络连接不上')
  await member.context.setOffline(false)
  await member.tap('重试')
  await member.sees('全部')
  await member.seesNot('网络连接不上')
  member.problems.splice(0) // the browser itself complains of the lost network
  await member.close()
})

// By which the server knows a phone, and leads it to the app and not to a choice.
const PHONE = 'Mozilla/5.0 (Linux; Android 14) Mobile'

test('an address that no page has leads home', async () => {
  const member = await Person.open(browser, city.base, '符秀英')
  for (const path of ['/pages/nothing', '/volunteering/no-such-page?id=1']) {
    await member.open(path)
    await member.sees('没有找到该页面')
    await usable(member.page)
    await member.tap('回到首页')
    await member.sees('符秀英，您好')
  }
  await member.close()

  const { page, context } = await openPhone(browser, city.base, { dark: true, agent: PHONE })
  const answer = await page.goto(`${city.base}/m/no/such/file`)
  assert.equal(answer.status(), 404)
  await page.getByText('没有找到该页面').waitFor()
  assert.deepEqual(await barriers(page), [])
  await page.getByRole('link', { name: '回到首页' }).tap()
  await page.getByText('请选择一个身份登录').waitFor()
  await context.close()
})

test('a form that somebody else fills says whose it is, and none is shown', async () => {
  const member = await Caller.open(city.base, 'demo-member')
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const meeting = (await member.get('/me/meetings?limit=50')).items.find(one => one.status === 'convened').id
  const record = (await keeper.get('/service-records?status=confirmed&limit=1')).items[0].id
  const officer = await Person.open(browser, city.base, '韩雪松')
  const forms = {
    [`/meetings/attendance?id=${meeting}`]: '由支部书记或记录人登记名单',
    [`/meetings/vote?id=${meeting}`]: '由支部书记或记录人登记表决',
    [`/meetings/voters?id=${meeting}`]: '由支部书记登记选举应到人数',
    '/units/register': '由单位党建联络员报到',
    [`/volunteering/correct?id=${record}`]: '这条记录不能更正',
    '/feedback/members': '由社区党组织填写反馈',
  }
  for (const [path, words] of Object.entries(forms)) {
    await officer.open(path)
    await officer.sees(words)
    assert.equal(await officer.page.locator('.bar, .row').filter({ visible: true }).count(), 0, path)
    assert.equal(await officer.page.getByText('显示更多').count(), 0, path)
  }
  await officer.close()
})
