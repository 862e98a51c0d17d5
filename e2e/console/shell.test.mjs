// Into the console and out of it again, by mouse and by keyboard, and the frame around every page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from '../browser.mjs'
import { openCity } from '../city.mjs'
import { Desk } from './desk.mjs'

let city, browser

before(async () => {
  city = await openCity()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

test('a desk is asked which of the two it wants', async () => {
  const desk = await Desk.open(browser, city.base)
  await desk.page.goto(`${city.base}/`)
  await desk.look('front')
  await desk.page.getByRole('link', { name: '工作台' }).click()
  await desk.heading('登录工作台').waitFor()
  await desk.lookAround('sign-in')
  await desk.close()
})

test('with the keyboard alone: sign in, skip to the content, find a page, sign out', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim())
  await page.goto(`${city.base}/console/sign-in`)
  await page.getByRole('button', { name: '韩雪松' }).focus()
  await page.keyboard.press('Enter')
  await desk.side
    .or(desk.page.getByRole('button', { name: '同意并继续' }))
    .first()
    .waitFor()
  if (await page.getByRole('button', { name: '同意并继续' }).isVisible()) {
    await desk.look('consent')
    await page.getByRole('button', { name: '同意并继续' }).press('Enter')
  }
  await desk.side.waitFor()
  await page.reload()
  await desk.side.waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await focused(), '跳到内容')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '搜索' }).waitFor()
  await page.keyboard.type('明暗')
  await page.getByRole('option', { name: '切换明暗' }).waitFor()
  await desk.look('palette')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
  await page.getByRole('button', { name: '韩雪松' }).press('Enter')
  await page.getByRole('menuitem', { name: '退出登录' }).waitFor()
  await desk.look('person menu')
  await page.getByRole('menuitem', { name: '退出登录' }).press('Enter')
  await desk.heading('登录工作台').waitFor()
  assert.equal(await page.evaluate(() => sessionStorage.length), 0)
  await desk.close()
})

test('a session that the server ended leads to the sign-in page and back to where one was', async () => {
  const desk = await Desk.open(browser, city.base)
  await desk.signIn('韩雪松')
  await desk.page.evaluate(() => sessionStorage.setItem('console-token', 'ended'))
  await desk.page.goto(`${city.base}/console/nothing`)
  await desk.heading('登录工作台').waitFor()
  assert.match(desk.problems.pop(), /401/) // what the browser itself says of it
  await desk.page.getByRole('button', { name: '韩雪松' }).click()
  await desk.page.getByText('工作台暂时没有需要您办理的事项').waitFor()
  assert.equal(new URL(desk.page.url()).pathname, '/console/nothing')
  await desk.lookAround('nothing here')
  await desk.page.goto(`${city.base}/console/no-such-page`)
  await desk.page.getByText('没有这个页面').first().waitFor()
  await desk.close()
})

test('the first page weighs less than 120 kB of scripts', async () => {
  const desk = await Desk.open(browser, city.base)
  const session = await desk.context.newCDPSession(desk.page)
  const sizes = new Map()
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (new URL(response.url).pathname.endsWith('.js')) sizes.set(requestId, 0)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (sizes.has(requestId)) sizes.set(requestId, encodedDataLength)
  })
  await desk.signIn('韩雪松')
  await desk.settled()
  const bytes = [...sizes.values()].reduce((sum, one) => sum + one, 0)
  assert.ok(bytes > 40_000 && bytes < 120_000, `${bytes} bytes`)
  await desk.close()
})
