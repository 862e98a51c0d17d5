// What there is to see beside the pages of each role: questions, the first screens, large type, a lost network.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openPhone } from './browser.mjs'
import { stranger } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { day } from './moments.mjs'
import { claimUnderWay, idsFor, withIds } from './pages.mjs'
import { Person } from './person.mjs'

let city, browser, ids
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  ids = await idsFor(city)
})
after(async () => {
  await browser?.close()
  await city?.close()
})

test('what the secretaries are asked before they decide can be read and tapped', async () => {
  await stranger(city, { name: '丙来客', phone: '10000009903' })
  const { id, contact } = await claimUnderWay(city, '清洗空调滤网')
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
  const context = await browser.newContext({ userAgent: 'Mozilla/5.0 (Linux; Android 14) Mobile' })
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

test('in large type a card of what waits keeps its words wide, and hides what lies behind it', async () => {
  const wait = async name => {
    const person = await Person.open(browser, city.base, name, { width: 320 })
    await person.tab('我的')
    await person.tap('大字显示')
    await person.page.getByRole('checkbox', { name: /大字显示/, checked: true }).waitFor()
    await person.open('/pages/inbox')
    const cards = await person.page.locator('.decision').evaluateAll(all =>
      all.map(one => {
        const [who, behind] = ['.who', '.behind'].map(part => one.querySelector(part)?.getBoundingClientRect())
        const { right, width } = one.getBoundingClientRect()
        return { share: who.width / width, beyond: behind && behind.left - right }
      }),
    )
    await person.close()
    return cards
  }
  const own = await wait('陈丽华')
  assert.ok(own.length && own.every(({ share }) => share > 0.6), JSON.stringify(own))
  assert.ok(own.every(({ beyond }) => beyond === undefined)) // nothing is accepted with a swipe
  const swiped = (await wait('冯建军')).filter(({ beyond }) => beyond !== undefined)
  assert.ok(swiped.length && swiped.every(({ beyond }) => beyond >= 1), JSON.stringify(swiped))
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
  await person.open(withIds('/meetings/meeting?id={meeting}', ids))
  await person.sees('15:00—17:00')
  await person.close()
})
