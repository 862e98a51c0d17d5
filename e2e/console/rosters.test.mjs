// Organisations, units and the roster, as those who keep them find and change them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from '../browser.mjs'
import { openCity } from '../city.mjs'
import { Desk } from './desk.mjs'

const WHY = '市委组织部〔2026〕12号'
let city, browser

before(async () => {
  city = await openCity()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const rows = page => page.getByRole('table').getByRole('rowheader')

/** Choose, in a field of the form at the side, what is found by these words; with the keyboard alone. */
async function find(page, label, words) {
  await page.getByLabel(label).focus()
  await page.keyboard.type(words)
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('option').first().waitFor({ state: 'detached' })
}

test('an officer founds a branch, corrects and ends it; who, when and why stand beside it', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await desk.signIn('韩雪松')
  await desk.side.getByRole('link', { name: '党组织' }).click()
  await page.getByRole('treeitem').first().waitFor()
  await page.getByLabel('类型').selectOption('committee')
  await page.waitForURL(/kind=committee/)
  await rows(page).getByRole('link').first().click()
  await page.getByRole('heading', { name: '变动记录' }).waitFor()
  await desk.lookAround('organization')

  const found = page.getByRole('button', { name: '设立党组织' })
  await found.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: '设立党组织' }).press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert')
  await desk.look('founding with complaints')
  await page.getByRole('button', { name: '请填写名称。' }).press('Enter')
  await page.keyboard.type('示范局第九支部委员会')
  await find(page, '所在区划', '国贸')
  await page.getByLabel('依据').fill(WHY)
  await page.getByRole('dialog').getByRole('button', { name: '设立党组织' }).press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: '示范局第九支部委员会' }).click()
  await desk.heading('示范局第九支部委员会').waitFor()

  await page.getByRole('button', { name: '更正' }).press('Enter')
  await page.getByLabel('名称').fill('示范局第十支部委员会')
  await page.getByLabel('依据').fill(WHY)
  await page.getByRole('dialog').getByRole('button', { name: '更正' }).press('Enter')
  await desk.heading('示范局第十支部委员会').waitFor()
  await page.getByRole('button', { name: '撤销' }).press('Enter')
  await page.getByLabel('依据').fill(WHY)
  await page.getByRole('dialog').getByRole('button', { name: '撤销' }).press('Enter')
  await page.locator('.word', { hasText: '已撤销' }).waitFor()
  assert.equal(await page.getByRole('button', { name: '更正' }).count(), 0)
  const changes = page.getByRole('complementary').getByRole('listitem')
  await changes.nth(2).waitFor()
  assert.deepEqual(await changes.locator('b').allInnerTexts(), ['撤销', '更正', '设立'])
  assert.match(await changes.first().innerText(), new RegExp(`韩雪松[^]*${WHY}`))
  await desk.look('organization, ended')
  await desk.close()
})

test('the tree opens by the keyboard, keeps what is open in its address, and leads to an entry', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  const items = page.getByRole('treeitem')
  const focused = () => page.evaluate(() => document.activeElement.querySelector('.name')?.textContent)
  await desk.signIn('韩雪松')
  await desk.side.getByRole('link', { name: '党组织' }).click()
  const committee = page.getByRole('treeitem', { name: '中共海口市示范机关委员会' })
  await committee.waitFor()
  assert.equal(await items.count(), 1, 'what stands below is read when it is opened')
  await page.getByLabel('类型').focus()
  await page.keyboard.press('Tab')
  assert.equal(await focused(), '中共海口市示范机关委员会')
  await page.keyboard.press('ArrowRight')
  await items.nth(12).waitFor()
  await page.waitForURL(/open=\d+$/)
  assert.equal(await committee.getAttribute('aria-expanded'), 'true')
  await page.keyboard.press('ArrowRight')
  const first = await focused()
  assert.match(first, /支部委员会/)
  await page.keyboard.press('End')
  assert.notEqual(await focused(), first)
  await desk.lookAround('tree')
  await page.keyboard.press('ArrowLeft')
  assert.equal(await focused(), '中共海口市示范机关委员会')

  await page.reload()
  await items.nth(12).waitFor()
  await committee.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await desk.heading(first).waitFor()
  await page.goBack()
  await items.nth(12).waitFor()
  await committee.focus()
  await page.keyboard.press('ArrowLeft')
  await items.nth(1).waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).search, '')
  await desk.close()
})

test('a unit is found by a part of its name and corrected; what is wrong with its code is said', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await desk.signIn('韩雪松')
  await desk.side.getByRole('link', { name: '单位' }).click()
  await rows(page).first().waitFor()
  await desk.lookAround('units')
  await rows(page).getByRole('link').first().click()
  await page.getByRole('heading', { name: '变动记录' }).waitFor()
  await desk.lookAround('unit')
  await page.getByRole('button', { name: '更正' }).click()
  await page.getByLabel('统一社会信用代码').fill('911')
  await page.getByLabel('依据').fill(WHY)
  await page.getByRole('dialog').getByRole('button', { name: '更正' }).click()
  await page.getByRole('button', { name: '统一社会信用代码有误' }).waitFor()
  desk.problems.splice(0) // what the browser itself says of a refused request
  await desk.look('unit, refused')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await desk.close()
})

test('a secretary enters a member, finds the two entries of one person, and takes one off', async () => {
  const desk = await Desk.open(browser, city.base)
  const { page } = desk
  await desk.signIn('蔡文静')
  await desk.side.getByRole('link', { name: '党员名册' }).click()
  await rows(page).first().waitFor()
  await desk.lookAround('members')
  await page.getByRole('button', { name: '录入党员' }).press('Enter')
  await find(page, '党支部', '支部')
  await page.getByLabel('姓名', { exact: true }).fill('陈丽华')
  await page.getByLabel('依据').fill('介绍信2026第7号')
  await desk.look('entering')
  await page.getByRole('dialog').getByRole('button', { name: '录入党员' }).press('Enter')
  await desk.heading('陈丽华').waitFor()
  await desk.lookAround('member')
  assert.equal(await page.getByRole('button', { name: '转接组织关系' }).count(), 0, 'is for the organisation above')

  await desk.side.getByRole('link', { name: '党员名册' }).click()
  await page.getByLabel('只看疑似重复').check()
  await page.waitForURL(/twins=true/)
  await desk.settled()
  assert.ok((await rows(page).filter({ hasText: '陈丽华' }).count()) >= 2)
  await rows(page).filter({ hasText: '陈丽华' }).last().getByRole('link').click()
  await page.getByRole('button', { name: '移出名册' }).press('Enter')
  await page.getByText('不再列入名册').click()
  await page.getByLabel('依据').fill('重复录入')
  await page.getByRole('dialog').getByRole('button', { name: '移出名册' }).press('Enter')
  await page.getByText('已不在名册').waitFor()
  await desk.close()
})

test('what one may not see is answered in words', async () => {
  const desk = await Desk.open(browser, city.base)
  await desk.signIn('蔡文静')
  await desk.page.goto(`${city.base}/console/organizations/999999`)
  await desk.page.getByText('没有找到该党组织').waitFor()
  assert.match(desk.problems.splice(0).join(), /404/)
  await desk.look('not found')
  await desk.close()
})
