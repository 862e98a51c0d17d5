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
    await look(secretary, 'registers-list')
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
    await secretary.write('户数', '42000')
    await secretary.tap('志愿服务')
    await secretary.tap('公共服务')
    await look(secretary, 'registers-form-filled')
    await secretary.tap('登记')
    await secretary.sees('户数应在 0 至 20000 之间。')
  })
  await t.test('a draft outlives the page; the entry shows what was said', async () => {
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
  await t.test('of what was entered today it is said that it cannot end today', async () => {
    await press(secretary, '结束')
    await secretary.tap('结束登记', sheet(secretary))
    await secretary.sees('请写明原因。')
    await secretary.tap('已撤并。', sheet(secretary))
    await look(secretary, 'registers-ending')
    await secretary.tap('结束登记', sheet(secretary))
    await secretary.sees('结束日期不晚于开始日期；如属误登，请作废。')
    secretary.problems.splice(0) // the browser itself reports the refusal
  })
  await t.test('it is voided; another ends on a day', async () => {
    await press(secretary, '作废')
    await secretary.tap('登记错了。', sheet(secretary))
    await secretary.tap('作废登记', sheet(secretary))
    await secretary.sees('已作废')
    assert.equal(await secretary.found('修改').count(), 0)
    const { id } = await grid('秀英网格')
    await secretary.open(`/registers/entry?register=grid&id=${id}`)
    await press(secretary, '结束')
    await secretary.tap(/^从哪天起不再有效/, sheet(secretary))
    await secretary.pickDay(day(-1))
    await secretary.tap('已撤并。', sheet(secretary))
    await secretary.tap('结束登记', sheet(secretary))
    await secretary.sees('已结束')
    await secretary.sees('结束：已撤并。')
    await look(secretary, 'registers-entry-ended')
  })
  await secretary.close()
})

test('a form of many groups, with rows, is filled in large type', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军', { width: 320 })
  await secretary.tab('我的')
  await secretary.tap('大字显示')
  await secretary.page.getByRole('checkbox', { name: /大字显示/, checked: true }).waitFor()
  await secretary.open('/registers/form?register=venue')
  await secretary.write('场所名称', '国贸社区党群活动中心')
  await look(secretary, 'registers-venue-large')
  await secretary.tap('开放：')
  await secretary.write('服务内容', '组织关系接转\n志愿服务登记')
  await secretary.sees('已写2项')
  await secretary.tap('否')
  await secretary.tap('值班：')
  await secretary.tap('添加一行')
  await secretary.tap('错时上下班')
  await secretary.tap('登记')
  await secretary.sees('第1行：请填写时间。')
  await secretary.write('值班表第1行：时间', '周一至周五12:00—14:30')
  await secretary.write('值班表第1行：岗位', '综合窗口')
  await look(secretary, 'registers-venue-rows-large')
  await secretary.tap('登记')
  await secretary.sees('周一至周五12:00—14:30，错时上下班，综合窗口')
  await secretary.sees('志愿服务登记')
  await look(secretary, 'registers-venue-entry-large')
  await secretary.open('/pages/mine')
  await secretary.tap('大字显示')
  await secretary.close()
})

test('what belongs to another entry is chosen from those, with a unit and a person', async () => {
  const body = await enter('coordination_body', {
    name: '椰城社区大党委',
    place_code: COMMUNITY,
    from: '2026-01-01',
    values: { type: 'community_committee' },
  })
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open('/registers/form?register=member_seat')
  await secretary.tap(/^所在机构：/)
  await secretary.write('查找所在机构', 'yechengshequ')
  await secretary.tap(body.name, sheet(secretary))
  await secretary.tap(/^单位：/)
  await secretary.write('查找单位', '城市服务')
  await secretary.tap('海口市城市服务示范局', sheet(secretary))
  await secretary.tap('更多（选填）')
  await secretary.tap(/^兼职委员：/)
  await secretary.write('查找兼职委员', '曾志远')
  await secretary.tap('曾志远', sheet(secretary))
  await secretary.tap(/^本人同意日期：/)
  await secretary.pickDay(day(-2))
  await look(secretary, 'registers-seat-form')
  await secretary.tap('登记')
  await secretary.sees('有效')
  await secretary.sees('椰城社区大党委')
  await look(secretary, 'registers-seat-entry')
  await secretary.close()
})

test('what is sealed is opened with a reason, and never stays in a draft', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open('/registers/form?register=household')
  await secretary.write('户编号', 'HH-0917')
  await secretary.tap('更多（选填）')
  await secretary.write('户主姓名', '某某某')
  const kept = await secretary.page.evaluate(() => JSON.stringify({ ...localStorage }))
  assert.match(kept, /HH-0917/)
  assert.doesNotMatch(kept, /某某某/)
  await secretary.tap('登记')
  await secretary.sees('加密保存的内容')
  await secretary.seesNot('某某某')
  await secretary.tap('写明原因后查看')
  await secretary.sees('查看会留下记录')
  await look(secretary, 'registers-sealed')
  await secretary.tap('入户走访前核对。', sheet(secretary))
  await secretary.tap('查看', sheet(secretary))
  await secretary.sees('某某某')
  await look(secretary, 'registers-unsealed')
  await secretary.close()
})

test('a register is looked through with one tap, and says what was so on a past day', async () => {
  await grid('海秀网格')
  const secretary = await Person.open(browser, city.base, '冯建军', { dark: true })
  await secretary.open('/registers/list?register=grid')
  await secretary.tap(/^核对无误/)
  await secretary.confirm()
  const [, month, date] = day().split('-').map(Number)
  await secretary.sees(`${month}月${date}日核对`)
  await look(secretary, 'registers-list-dark')
  await secretary.tap(/^哪一天的情况/)
  await secretary.pickDay('2025-12-31')
  await secretary.sees('第一网格')
  await secretary.seesNot('海秀网格')
  await secretary.write('查找网格', '海秀')
  await secretary.sees('没有找到')
  await secretary.tap('回到今天')
  await secretary.tap('海秀网格')
  await secretary.sees('2026年1月1日起'.replace(/^2026年/, day().startsWith('2026') ? '' : '2026年'))
  await look(secretary, 'registers-entry-dark')
  await secretary.open(`/registers/form?register=grid`)
  await look(secretary, 'registers-form-dark')
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
  await street.sees('显示更多')
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
  await city_.write('查找网格', '滨海网格')
  await city_.sees('国贸社区')
  await city_.seesNot('登记网格')
  await city_.open(`/registers/entry?register=grid&id=${id}`)
  await city_.sees('有效')
  assert.equal((await city_.found('修改').count()) + (await city_.found('结束').count()), 0)
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
