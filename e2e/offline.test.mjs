// Without network, and at addresses that lead nowhere: the app says what is the matter in its own words, and goes on.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openPhone } from './browser.mjs'
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

  const { page, context } = await openPhone(browser, city.base, { dark: true })
  const answer = await page.goto(`${city.base}/m/no/such/file`)
  assert.equal(answer.status(), 404)
  await page.getByText('没有找到该页面').waitFor()
  assert.deepEqual(await barriers(page), [])
  await page.getByRole('link', { name: '回到首页' }).tap()
  await page.getByText('请选择一个身份登录').waitFor()
  await context.close()
})
