// Signing in with the phone, the devices one is signed in on, and who may do what: proposed, approved, ended.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from '../browser.mjs'
import { Caller } from '../caller.mjs'
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

test('a code that the phone approves signs in this browser, and the phone can be seen among the devices', async () => {
  const phone = await Caller.open(city.base, 'demo-city-officer')
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await page.goto(`${city.base}/console/sign-in`)
  await page.getByRole('img', { name: '登录码' }).waitFor()
  await page.getByText('不能扫码').click()
  const code = (await page.locator('code').innerText()).trim()
  const asked = await phone.get(`/console-logins/${code}/request`)
  assert.equal((await page.locator('.scan b').innerText()).trim(), asked.match_code)
  await phone.post(`/console-logins/${code}/approval`)
  await desk.side.waitFor()
  await desk.side.getByRole('link', { name: '登录的设备' }).click()
  await page.getByText('这台电脑').waitFor()
  await desk.lookAround('devices')
  await desk.close()
})

test('whoever has a name and a password is told no more than that it is wrong', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await page.goto(`${city.base}/console/sign-in`)
  await page.getByText('账号登录').click()
  await page.getByLabel('登录名', { exact: true }).fill('nobody')
  await page.getByLabel('密码').fill('no password of anybody')
  await desk.look('staff sign-in')
  await page.getByLabel('密码').press('Enter')
  await page.getByRole('alert').waitFor()
  desk.problems.splice(0) // what the browser itself says of a refused request
  await desk.look('staff sign-in, refused')
  await desk.close()
})

test('one proposes, the list says who holds what, and what was proposed can be taken back', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await desk.signIn('韩雪松')
  await desk.side.getByRole('link', { name: '任职' }).click()
  await page.getByRole('rowheader').first().waitFor()
  await desk.lookAround('appointments')
  await page.getByRole('button', { name: '提名任职' }).press('Enter')
  await page.getByLabel('职责').last().selectOption('grid_worker')
  await page.getByLabel('党员姓名').fill('陈丽华')
  await page.getByLabel('党员手机号码').fill('10000000001')
  await page.getByLabel('区划').focus()
  await page.keyboard.type('国贸社区')
  await page.locator('.find-option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await desk.look('proposing')
  await page.getByRole('dialog').getByRole('button', { name: '提名任职' }).press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const row = page.getByRole('row').filter({ hasText: '等待审批' }).first()
  await row.getByRole('button', { name: '撤回' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).press('Enter')
  await page.getByText('已撤回').first().waitFor()
  await desk.close()
})
