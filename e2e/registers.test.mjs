// Registers on the phone: entered, found, corrected and ended by who keeps them, read by who leads, by nobody else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
let city, browser, keeper
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  keeper = await Caller.open(city.base, 'demo-community-secretary')
})
after(async () => {
  await browser?.close()
  await city?.close()
})

/** Whether what stands in front can be read and tapped; a picture of it where one is wanted. */
async function look(person, what) {
  await person.settle()
  const sheet = await person.page.getByRole('dialog').filter({ visible: true }).count()
  if (process.env.E2E_PICTURES)
    await person.page.screenshot({ path: `${process.env.E2E_PICTURES}/${what}.png`, fullPage: !sheet })
  const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
  if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
  assert.deepEqual(wrong, [], what)
}
const sheet = person => person.page.getByRole('dialog').filter({ visible: true })
const enter = (register, said) => keeper.post(`/registers/${register}/entries`, said)
const grid = (name, more) => enter('grid', { name, place_code: COMMUNITY, from: '2026-01-01', values: {}, ...more })

/** Go on with the keyboard until something is reached, and press it. */
async function press(person, name) {
  const reached = () => person.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  for (let step = 0; step < 60; step += 1) {
    await person.page.keyboard.press('Tab')
    const label = (await reached()) || (await person.page.evaluate(() => document.activeElement?.innerText ?? ''))
    if (label.startsWith(name)) return person.page.keyboard.press('Enter')
  }
  throw new Error(`the keyboard does not reach ${name} on:\n${await person.text()}`)
}

test('a community secretary enters a grid, finds it, corrects it and ends it', async t => {
  const secretary = await Person.open(browser, city.base, '冯建军')

  await t.test('from home to the form, which says what is missing', async () => {
    await secretary.tap('登记')
    await secretary.sees('由我登记')
    await look(secretary, 'registers-all')
    await secretary.tap(/^网格\s/)
    await secretary.sees('核对无误')
    await look(secretary, 'registers-list-empty')
    await press(secretary, '登记网格')
    await secretary.sees('计入第七条')
    await look(secretary, 'registers-form')
    await secretary.tap('登记')
    await secretary.sees('请填写网格名称。')
    await secretary.seesNot('点按更改') // in one community nobody is asked where
  })
  await t.test('what it points to is found by a part of a name', async () => {
    await secretary.write('网格名称', '椰风网格')
    await secretary.tap('更多（选填）')
    await secretary.tap(/^网格党支部或党小组：/)
    await secretary.write('查找网格党支部或党小组', '支部')
    await secretary.settle()
    await look(secretary, 'registers-choose')
    await sheet(secretary).getByRole('button').nth(1).tap()
    await secretary.write('户数', '很多')
    await secretary.tap('志愿服务')
    await secretary.tap('公共服务')
    await look(secretary, 'registers-form-filled')
    await secretary.tap('登记')
    await secretary.settle()
  })
  await t.test('a draft outlives the page; the entry shows what was said', async () => {
    if ((await secretary.text()).includes('应为整数')) await secretary.write('户数', '420')
    await secretary.open('/registers/form?register=grid')
    await secretary.sees('已恢复上次没有提交的内容')
    await secretary.write('户数', '420')
    await secretary.tap('登记')
    await secretary.sees('有效')
    await secretary.sees('公共服务、志愿服务')
    await look(secretary, 'registers-entry')
  })
  await t.test('it is found by its initials, in the list and in no other', async () => {
    await secretary.open('/registers/list?register=grid')
    await secretary.write('查找网格', 'yfwg')
    await secretary.sees('椰风网格')
    await secretary.write('查找网格', '没有的')
    await secretary.sees('没有找到')
    await secretary.write('查找网格', 'yefeng')
    await secretary.tap('椰风网格')
    await secretary.sees('有效')
  })
  await t.test('what was written wrongly is corrected, with the keyboard, and stays in the history', async () => {
    await press(secretary, '修改')
    await secretary.sees('修改说明')
    await secretary.write('户数', '402')
    await secretary.tap('原来登记有误')
    await secretary.write('修改说明', '两位数字写反了')
    await look(secretary, 'registers-change')
    await secretary.tap('保存修改')
    await secretary.sees('户数：420改为402')
    await secretary.sees('说明：两位数字写反了')
    await look(secretary, 'registers-entry-changed')
  })
  await t.test('it ends with a reason', async () => {
    await press(secretary, '结束')
    await secretary.tap('结束登记', sheet(secretary))
    await secretary.sees('请写明原因。')
    await secretary.tap('已撤并。', sheet(secretary))
    await look(secretary, 'registers-ending')
    await secretary.tap('从哪天起不再有效', sheet(secretary))
    await secretary.pickDay(day())
    await secretary.tap('结束登记', sheet(secretary))
    await secretary.settle()
  })
  secretary.problems.splice(0) // the browser itself reports what is refused: a grid of today cannot end today
  await secretary.close()
})

test('a register is looked through with one tap, and says what was so on a past day', async () => {
  await grid('海秀网格')
  const secretary = await Person.open(browser, city.base, '冯建军', { dark: true })
  await secretary.open('/registers/list?register=grid')
  await secretary.sees('还没有核对')
  await secretary.tap(/^核对无误/)
  await secretary.confirm()
  await secretary.sees(/\d+月\d+日核对/)
  await look(secretary, 'registers-list-dark')
  await secretary.tap(/^哪一天的情况/)
  await secretary.pickDay('2025-12-31')
  await secretary.sees('这一天还没有登记')
  await secretary.tap('回到今天')
  await secretary.tap('海秀网格')
  await secretary.sees('2026年1月1日起'.replace(/^2026年/, day().startsWith('2026') ? '' : '2026年'))
  await look(secretary, 'registers-entry-dark')
  await secretary.tap('作废')
  await secretary.tap('登记错了。', sheet(secretary))
  await secretary.tap('作废登记', sheet(secretary))
  await secretary.sees('已作废')
  await secretary.sees('作废：登记错了。')
  await secretary.seesNot('结束')
  await secretary.close()
})

test('who wrote in between is shown, and nothing is lost', async () => {
  const { id, revision } = await grid('金贸网格')
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open(`/registers/form?register=grid&id=${id}`)
  await secretary.write('网格名称', '我的网格')
  const theirs = { name: '他的网格', place_code: COMMUNITY, values: { households: 7 } }
  await keeper.put(`/register-entries/${id}`, theirs, revision)
  await secretary.tap('保存修改')
  await secretary.sees('别人保存了新的内容')
  await look(secretary, 'registers-conflict')
  await secretary.tap('用我的保存')
  await secretary.confirm()
  await secretary.settle()
  assert.equal((await keeper.get(`/register-entries/${id}`)).name, '我的网格')
  secretary.problems.splice(0) // the browser itself reports the 412
  await secretary.close()
})

test('the street reads and narrows; what one cannot enter has no button', async () => {
  const { id } = await grid('滨海网格')
  const street = await Person.open(browser, city.base, '梁慧敏')
  await street.tap('登记')
  await street.sees('由我登记')
  await look(street, 'registers-street')
  await street.open('/registers/list?register=grid')
  await street.sees('滨海网格')
  await street.tap(/^范围/)
  await look(street, 'registers-areas')
  await street.tap('国贸社区居民委员会', sheet(street))
  await street.sees('滨海网格')
  await look(street, 'registers-street-list')
  await street.tap('滨海网格')
  await street.sees('有效')
  await street.close()

  const city_ = await Person.open(browser, city.base, '韩雪松')
  await city_.open('/registers/list?register=grid')
  await city_.sees('滨海网格')
  await city_.seesNot('登记网格')
  await city_.open(`/registers/entry?register=grid&id=${id}`)
  await city_.sees('有效')
  await city_.seesNot('修改')
  await city_.seesNot('结束')
  await city_.close()
})

test('who has nothing to do with it is shown nothing', async () => {
  const { id } = await grid('龙昆网格')
  const member = await Person.open(browser, city.base, '陈丽华')
  await member.seesNot('名册里有什么')
  await member.open('/registers/list?register=grid')
  await member.sees('不能打开该页面')
  await member.open(`/registers/entry?register=grid&id=${id}`)
  assert.doesNotMatch(await member.text(), /龙昆网格/)
  member.problems.splice(0) // the browser itself reports the refusals
  await member.close()
})
