// A record that is wrong is contested and corrected, and a paper slip counts like the app.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
// On the roster of the demo city, not linked to any phone.
const NEWCOMER = { name: '何晓晴', phone: '10000000012' }
const at = (days, time) => `${day(days)}T${time}:00+08:00`

let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

test('a member contests a record, the secretary corrects it, and both see what it said before', async () => {
  const caller = await registered(city.base, 'demo-member-2', COMMUNITY)
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const { id } = await caller.post('/service-records', {
    community_code: COMMUNITY,
    category: 'care',
    content: '陪老人就医',
    started_at: at(-2, '09:00'),
    ended_at: at(-2, '10:00'),
  })
  await keeper.post(`/service-records/${id}/confirmation`)

  const me = (await caller.get('/me')).member.name
  const member = await Person.open(browser, city.base, me)
  await member.open('/volunteering/records')
  await member.tap('详情与异议，陪老人就医')
  await member.settle()
  await member.tap('提出异议')
  await member.tap('时间不对，请核对。')
  await member.tap('提交异议')
  await member.sees('核实中')
  await member.sees('您的异议：时间不对，请核对。')

  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tab('待办')
  await secretary.sees('本人异议：时间不对，请核对。')
  await secretary.tap(`更正，${me}`)
  await secretary.sees('更正前的内容会保留')
  await secretary.tap('平安守护')
  await secretary.write('做了什么', '护送老人就医')
  await secretary.tap(/^更正，/)
  await secretary.sees('请写明更正的原因，本人会看到。')
  await secretary.write('更正原因', '已与带队人核对')
  await secretary.tap(/^更正，/)
  await secretary.settle()
  await secretary.seesNot('本人异议：时间不对，请核对。')
  await secretary.close()

  await member.open('/pages/inbox')
  await member.sees('服务记录已更正')
  await member.open(`/volunteering/detail?id=${id}`)
  await member.sees('护送老人就医')
  await member.sees('社区答复：已与带队人核对')
  await member.sees('更正前的内容')
  await member.sees(/关爱帮扶 · 1小时 · 陪老人就医/)
  await member.close()
})

test('a slip that somebody signed on paper is entered by the secretary and counts', async () => {
  const { name, phone } = NEWCOMER
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tap('代录志愿服务')
  await secretary.write('姓名', name)
  await secretary.write('手机号', '10000000000')
  await secretary.write('登记单编号', '志-017')
  await secretary.write('做了什么', '在社区食堂帮厨')
  await secretary.tap('关爱帮扶')
  await secretary.tap(/^录入/)
  await secretary.sees('党员名册中没有姓名和手机号都相符的人，请核对后再填。')
  assert.ok(!(await secretary.page.evaluate(() => JSON.stringify(localStorage).includes('10000000000'))))
  await secretary.write('手机号', phone)
  await secretary.tap(/^录入/)
  await secretary.settle()
  secretary.problems.splice(0) // the browser itself reports the 404

  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const {
    items: [record],
  } = await keeper.get('/service-records?status=confirmed&limit=1')
  assert.deepEqual([record.member.name, record.channel, record.slip_no], [name, 'assisted', '志-017'])
  await secretary.close()
})
