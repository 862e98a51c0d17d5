// A console is signed in by a phone that scans its code; and where one is signed in is seen, and ended, on the phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { openCity } from './city.mjs'
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

/** A browser at a desk, which only has what it was given when it asked. */
class Desk {
  static async open(base) {
    const desk = new Desk()
    desk.base = `${base}/api/v1/console-logins`
    const agent = 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0'
    desk.asked = await (await fetch(desk.base, { method: 'POST', headers: { 'user-agent': agent } })).json()
    return desk
  }

  async look() {
    const headers = { 'x-browser-token': this.asked.browser_token }
    return (await fetch(`${this.base}/${this.asked.id}`, { headers })).json()
  }
}

test('a secretary confirms on the phone, sees the console among the devices, and signs it out', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军')
  const desk = await Desk.open(city.base)
  await secretary.open('/account/console')
  await secretary.write('电脑上的登录码或链接', `https://city.example/m/#/account/console?code=${desk.asked.scan_code}`)
  await secretary.tap('下一步')
  await secretary.settle()
  const shown = await secretary.text()
  assert.match(shown, /Windows 电脑上的 Edge 浏览器/)
  assert.ok(shown.includes(desk.asked.match_code))
  assert.equal((await desk.look()).status, 'waiting')

  await secretary.tap('确认登录')
  await secretary.settle()
  assert.match(await secretary.text(), /已确认登录/)
  const told = await desk.look()
  assert.equal(told.status, 'approved')
  const ask = () => fetch(`${city.base}/api/v1/me`, { headers: { authorization: `Bearer ${told.session.token}` } })
  assert.equal((await ask()).status, 200)

  await secretary.open('/account/devices')
  assert.match(await secretary.text(), /Windows 电脑上的 Edge 浏览器/)
  await secretary.tap(/^退出/)
  await secretary.settle()
  assert.doesNotMatch(await secretary.text(), /Edge/)
  assert.equal((await ask()).status, 401)
})

test('whoever says that it is not them signs nobody in', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军')
  const desk = await Desk.open(city.base)
  await secretary.open(`/account/console?code=${desk.asked.scan_code}`)
  await secretary.tap('不是我')
  await secretary.settle()

  assert.match(await secretary.text(), /已拒绝登录/)
  assert.equal((await desk.look()).status, 'refused')
})
