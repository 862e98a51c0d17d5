// A list comes from a file in four steps; nothing is written before the last, and it can be taken back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from '../browser.mjs'
import { openCity } from '../city.mjs'
import { Desk } from './desk.mjs'

const LINES = [
  '牌子,统一社会信用代码,单位类别,社区代码',
  '海口市导入示范站,91350100M000100Y43,事业单位,460106003004',
  '海口市写错示范站,123,事业单位,460106003004',
]
let city, browser

before(async () => {
  city = await openCity()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const file = text => ({ name: '单位名单.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

test('units are brought: columns, check, write, and taken back', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await desk.signIn('韩雪松')
  await desk.side.getByRole('link', { name: '批量导入' }).click()
  await page.getByRole('heading', { name: '以前的导入' }).waitFor()
  await desk.lookAround('imports')
  const saved = page.waitForEvent('download')
  await page.getByRole('group', { name: '名单' }).getByText('单位', { exact: true }).click()
  await page.getByRole('button', { name: '下载模板' }).click()
  assert.match((await saved).suggestedFilename(), /单位模板\.xlsx/)
  await page.getByLabel('文件', { exact: true }).setInputFiles(file(LINES.join('\n')))
  await page.getByLabel('单位名称').waitFor()
  await desk.lookAround('columns')
  await page.getByLabel('单位名称').selectOption({ label: '牌子' })
  await page.getByRole('button', { name: '核对内容' }).click()
  await page.getByRole('region', { name: '核对内容' }).waitFor()
  await desk.lookAround('check')
  const write = page.getByRole('button', { name: /^写入1行/ })
  await write.press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^写入1行/ })
    .press('Enter')
  await page.getByText(/新增1行，变更0行；有问题的1行没有写入/).waitFor()
  await desk.look('written')
  await page.getByRole('button', { name: '撤回导入' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: '撤回导入' }).press('Enter')
  await page.locator('.word', { hasText: '已撤回' }).waitFor()
  await desk.close()
})
