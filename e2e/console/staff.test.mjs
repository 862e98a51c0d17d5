// Administrators: handed over by a command, signed in for the first time with a factor of their own; what each keeps.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { openBrowser } from '../browser.mjs'
import { Caller } from '../caller.mjs'
import { PYTHON, ROOT, openCity } from '../city.mjs'
import { Desk } from './desk.mjs'

const PASSWORD = 'tidal-otter-bicycle-seven'
let city, browser

before(async () => {
  city = await openCity()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const SECURITY = 'demo-security-administrator'

/** Run a program of the city's, as whoever runs the server does; what it said. */
function run(...command) {
  const environment = { ...process.env, DATA_DIR: city.data }
  for (const name of ['DATABASE_URL', 'FIELD_KEYS', 'LOOKUP_KEY']) delete environment[name]
  return promisify(execFile)(PYTHON, ['-m', ...command], { cwd: ROOT, env: environment })
}

/** Hand an administrator's account over anew; return the password for once. */
async function rescued(name) {
  const { stdout } = await run('launcher.command', 'flask', 'rescue-administrator', name)
  return /一次性密码 ([\w-]+)/.exec(stdout)[1]
}

/** What an app that tells the time shows for a secret (RFC 6238). */
function codeOf(secret, at = Date.now()) {
  const bits = [...secret]
    .map(one => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(one => parseInt(one, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

const focused = page => page.evaluate(() => document.activeElement.labels?.[0]?.textContent.trim())

/** Approve with a phone what is shown, at the sign-in or where it is asked anew. */
async function scan(where, code) {
  const phone = await Caller.open(city.base, code)
  await where.getByRole('img', { name: '登录码' }).waitFor()
  await where.getByText('不能扫码').click()
  await phone.post(`/console-logins/${(await where.locator('code').innerText()).trim()}/approval`)
}

/** Sign in for the first time, looking at each screen that comes once only. */
async function enrolled(name, looks = false) {
  const once = await rescued(name)
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await page.goto(`${city.base}/console/sign-in`)
  await page.getByText('账号登录').click()
  await page.getByLabel('登录名', { exact: true }).fill(name)
  await page.getByLabel('密码').fill(once)
  await page.getByLabel('密码').press('Enter')
  await page.getByRole('heading', { name: '第一次登录' }).waitFor()
  if (looks) await desk.look('first sign-in')
  await page.getByLabel('新密码').fill(PASSWORD)
  await page.getByLabel('动态验证码').fill(codeOf((await page.locator('code').innerText()).trim()))
  await page.getByLabel('动态验证码').press('Enter')
  await page.getByRole('heading', { name: '备用码' }).waitFor()
  const papers = await page.locator('.codes li').allInnerTexts()
  assert.equal(papers.length, 10)
  if (looks) await desk.look('recovery codes')
  await page.getByRole('button', { name: '已保管好，进入工作台' }).click()
  await desk.agree()
  return { desk, papers }
}

test('who administers security sets a factor of their own, opens an account and hands it over', async () => {
  const { desk } = await enrolled(SECURITY, true)
  const { page } = desk
  await desk.side.getByRole('link', { name: '工作账号' }).click()
  await page.getByRole('rowheader').first().waitFor()
  await desk.lookAround('staff accounts')
  await page.getByRole('button', { name: '开设账号' }).press('Enter')
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('姓名').fill('唐四')
  await sheet.getByLabel('登录名').fill('zuzhi1')
  await sheet.getByRole('button', { name: '开设账号' }).press('Enter')
  await page.getByRole('heading', { name: '一次性密码' }).waitFor()
  assert.match(await page.getByRole('dialog').innerText(), /zuzhi1\s+[\w-]{19}/)
  await desk.look('handed over')
  await page.keyboard.press('Escape')
  await page.getByRole('rowheader', { name: /\d/ }).nth(5).waitFor()
  await desk.close()
})

test('before rights are given it is asked once more who sits there, and what was typed is sent', async () => {
  const { desk, papers } = await enrolled(SECURITY)
  const { page } = desk
  await desk.side.getByRole('link', { name: '工作账号' }).click()
  await page.getByRole('button', { name: '开设账号' }).press('Enter')
  const sheet = page.getByRole('dialog', { name: '开设账号' })
  await sheet.getByLabel('姓名').fill('麦五')
  await sheet.getByLabel('登录名').fill('zuzhi2')
  await run('tests.system.unproven', city.data)
  const proof = page.getByRole('dialog', { name: '再次验证身份' })
  await sheet.getByRole('button', { name: '开设账号' }).press('Enter')
  await proof.waitFor()
  desk.problems.splice(0) // what the browser itself says of a refused request
  await desk.lookAround('proof')
  assert.equal(await focused(page), '密码')

  await page.keyboard.press('Escape')
  await proof.waitFor({ state: 'detached' })
  await sheet.getByText('此操作须再次验证身份').waitFor()
  assert.equal(await sheet.getByLabel('姓名').inputValue(), '麦五')
  await sheet.getByRole('button', { name: '开设账号' }).press('Enter')
  await proof.waitFor()
  await page.keyboard.type('not the password at all')
  await page.keyboard.press('Tab')
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await proof.getByRole('alert').waitFor()
  desk.problems.splice(0)
  await desk.look('proof, refused')
  await proof.getByLabel('密码').fill(PASSWORD)
  await proof.getByLabel('动态验证码').fill(papers[0])
  await page.keyboard.press('Enter')
  await proof.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: '一次性密码' }).waitFor()
  assert.match(await page.getByRole('dialog').innerText(), /zuzhi2\s+[\w-]{19}/)
  await desk.close()
})

test('a console that a phone signed in is proven by a scan of the same person', async () => {
  const district = await Caller.open(city.base, 'demo-district-officer')
  const member = { name: '王海涛', phone: '10000000002' }
  await district.post('/appointments', { role: 'grid_worker', area_code: '460106003004', member })
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await page.goto(`${city.base}/console/sign-in`)
  await scan(page, 'demo-city-officer')
  await desk.side.waitFor()
  await desk.side.getByRole('link', { name: '任职' }).click()
  const row = page.getByRole('row').filter({ hasText: '王海涛' }).first()
  await row.getByRole('button', { name: '同意', exact: true }).press('Enter')
  await run('tests.system.unproven', city.data)
  const sheet = page.getByRole('dialog', { name: '同意' })
  await sheet.getByRole('button', { name: '同意' }).press('Enter')
  const proof = page.getByRole('dialog', { name: '再次验证身份' })
  await proof.waitFor()
  desk.problems.splice(0) // what the browser itself says of a refused request
  await desk.lookAround('proof by a scan')
  await scan(proof, 'demo-district-officer')
  await proof.getByText('扫码的不是登录这台电脑的人').waitFor()
  await desk.look('proof by another')
  await scan(proof, 'demo-city-officer')
  await proof.waitFor({ state: 'detached' })
  await sheet.waitFor({ state: 'detached' })
  await row.filter({ hasText: '在任' }).waitFor()
  const phone = await Caller.open(city.base, 'demo-city-officer')
  const devices = (await phone.get('/me/sessions')).items
  assert.equal(devices.filter(one => one.kind === 'console').length, 1, 'the session before has ended')
  await desk.close()
})

test('the city sees how far its opening is, and who administers the system what is technical', async () => {
  const officer = await Desk.open(browser, city.base)
  await officer.signIn('韩雪松')
  await officer.side.getByRole('link', { name: '开通情况' }).click()
  await officer.page.getByRole('rowheader', { name: '社区党组织书记' }).waitFor()
  await officer.page.getByRole('cell', { name: /请人工核实/ }).waitFor()
  await officer.lookAround('opening')
  await officer.close()
  const desk = await Desk.open(browser, city.base)
  await desk.signIn('卢建平')
  await desk.side.getByRole('link', { name: '开通情况' }).click()
  await desk.page.getByRole('rowheader', { name: '微信接口' }).waitFor()
  assert.equal(await desk.page.getByRole('rowheader', { name: '党员名册' }).count(), 0)
  await desk.close()
})

test('the audit administrator reads who did what, and nothing else is there for them', async () => {
  const desk = await Desk.open(browser, city.base)
  await desk.signIn('莫志军')
  const { page } = desk
  assert.equal(await desk.side.getByRole('link', { name: '党员名册' }).count(), 0)
  await desk.side.getByRole('link', { name: '审计日志' }).click()
  await page.getByRole('searchbox', { name: '操作，如 session.' }).fill('session.opened')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: '莫志军' }).first().waitFor()
  await page.getByRole('rowheader', { name: 'session.opened' }).first().waitFor()
  await desk.lookAround('audit log')
  await desk.close()
})
