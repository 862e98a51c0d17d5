// Administrators: made by a command, signed in for the first time with a factor of their own; what each keeps.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openBrowser } from '../browser.mjs'
import { PYTHON, ROOT, openCity } from '../city.mjs'
import { Desk } from './desk.mjs'

const PASSWORD = 'tidal-otter-bicycle-seven'
let city, browser, once

before(async () => {
  city = await openCity()
  browser = await openBrowser()
  once = await administrators()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

/** Make the first administrators as whoever runs the server does; return the password of each, for once. */
function administrators() {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, DATA_DIR: city.data }
    for (const name of ['DATABASE_URL', 'FIELD_KEYS', 'LOOKUP_KEY']) delete environment[name]
    const command = ['-m', 'launcher.command', 'flask', 'first-administrators', '--with-audit']
    const run = execFile(PYTHON, command, { cwd: ROOT, env: environment }, (error, said) =>
      error ? reject(error) : resolve(Object.fromEntries(told(said))),
    )
    run.stdin.end('陈一\nanquan\n林二\nxitong\n王三\nshenji\n')
  })
}
const told = said =>
  [...said.matchAll(/登录名 (\w+)，一次性密码 ([\w-]+)/g)].map(([, name, password]) => [name, password])

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

/** Sign in for the first time, looking at each screen that comes once only. */
async function enrolled(name, looks = false) {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await page.goto(`${city.base}/console/sign-in`)
  await page.getByText('账号登录').click()
  await page.getByLabel('登录名', { exact: true }).fill(name)
  await page.getByLabel('密码').fill(once[name])
  await page.getByLabel('密码').press('Enter')
  await page.getByRole('heading', { name: '第一次登录' }).waitFor()
  if (looks) await desk.look('first sign-in')
  await page.getByLabel('新密码').fill(PASSWORD)
  await page.getByLabel('动态验证码').fill(codeOf((await page.locator('code').innerText()).trim()))
  await page.getByLabel('动态验证码').press('Enter')
  await page.getByRole('heading', { name: '备用码' }).waitFor()
  assert.equal(await page.locator('.codes li').count(), 10)
  if (looks) await desk.look('recovery codes')
  await page.getByRole('button', { name: '已保管好，进入工作台' }).click()
  await page.getByRole('button', { name: '同意并继续' }).click()
  await desk.side.waitFor()
  return desk
}

test('who administers security sets a factor of their own, opens an account and hands it over', async () => {
  const desk = await enrolled('anquan', true)
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
  await page.getByRole('rowheader', { name: /\d/ }).nth(3).waitFor()
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
  const desk = await enrolled('xitong')
  await desk.side.getByRole('link', { name: '开通情况' }).click()
  await desk.page.getByRole('rowheader', { name: '微信接口' }).waitFor()
  assert.equal(await desk.page.getByRole('rowheader', { name: '党员名册' }).count(), 0)
  await desk.close()
})

test('the audit administrator reads who did what, and nothing else is there for them', async () => {
  const desk = await enrolled('shenji')
  const { page } = desk
  assert.equal(await desk.side.getByRole('link', { name: '党员名册' }).count(), 0)
  await desk.side.getByRole('link', { name: '审计日志' }).click()
  await page.getByRole('searchbox', { name: '操作，如 session.' }).fill('staff_account.opened')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: '系统' }).first().waitFor()
  await page.getByRole('rowheader', { name: 'staff_account.opened' }).first().waitFor()
  await desk.lookAround('audit log')
  await desk.close()
})
