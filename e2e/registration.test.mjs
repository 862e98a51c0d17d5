// A registration that stands: paused, resumed, ended; outside the city, on paper, and what the street hears of.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
const PICTURE = fileURLToPath(new URL('../miniprogram/src/static/tab/home-dark.png', import.meta.url))
let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const cardOf = (person, name, kind) =>
  person.page.locator('.decision').filter({ hasText: name }).filter({ hasText: kind })

test('a member pauses with a reason and no details, and resumes; the secretary confirms both', async () => {
  await registered(city.base, 'demo-member', COMMUNITY)
  const member = await Person.open(browser, city.base, '陈丽华')
  const secretary = await Person.open(browser, city.base, '冯建军')
  await member.open('/registrations/mine')
  await member.tap('申请暂停')
  await member.tap('提交申请')
  await member.sees('请选择一项。')
  await member.tap('因病')
  await member.tap('提交申请')
  await member.sees('您已申请暂停报到（因病），等待社区党组织答复。')

  await secretary.tab('待办')
  await secretary.tap(/^同意暂停/, cardOf(secretary, '陈丽华', '暂停报到'))
  await secretary.sees('已同意陈丽华的暂停报到申请')
  await secretary.leaveApp()
  await member.open('/registrations/mine')
  await member.sees('已暂停')
  await member.open('/pages/home')
  await member.sees(/报到已暂停，暂停期间免于履行/)

  await member.open('/registrations/mine')
  await member.tap('申请恢复报到')
  await member.sees('您已申请恢复报到，等待社区党组织答复。')
  await secretary.open('/pages/inbox')
  await secretary.tap(/^不同意/, cardOf(secretary, '陈丽华', '恢复报到'))
  await secretary.tap('请先与社区联系，说明情况。')
  await secretary.tap('不同意', secretary.page.getByRole('dialog').filter({ visible: true }))
  await secretary.leaveApp()
  await member.open('/registrations/mine')
  await member.sees('社区党组织未同意恢复报到：请先与社区联系，说明情况。')
  await Promise.all([member.close(), secretary.close()])
})

test('what was asked is taken back, and the member registers in another community besides', async () => {
  await registered(city.base, 'demo-member-2', COMMUNITY)
  const member = await Person.open(browser, city.base, '王海涛')
  await member.open('/registrations/mine')
  await member.tap('申请结束')
  await member.tap('已退休')
  await member.tap('提交申请')
  await member.sees('您已申请结束报到（已退休），等待社区党组织答复。')
  await member.tap('撤回申请')
  await member.sees('申请结束')

  await member.tap(/^到其他社区另行报到/)
  await member.write('社区名称', '世贸')
  await member.settle()
  await member.tap(/^世贸社区/)
  await member.sees('向这个社区另行报到')
  await member.tap(/^更多选项/)
  await member.tap('租住')
  await member.tap('提交报到')
  await member.sees('其他报到')
  await member.tap(/^世贸社区/)
  await member.sees('另行报到：在这里的志愿服务同样计次。')
  await member.close()
})

test('who lives outside the city sends the receipt from there, and the home branch accepts it', async () => {
  const member = await Person.open(browser, city.base, '符秀英')
  await member.open('/registrations/find')
  await member.tap(/^居住在本市以外/)
  await member.write('报到的城市和社区', '湛江市霞山区海滨社区')
  const choosing = member.page.waitForEvent('filechooser')
  await member.tap('添加图片')
  await (await choosing).setFiles(PICTURE)
  await member.settle()
  await member.tap(/^提交/)
  await member.sees('湛江市霞山区海滨社区')
  await member.sees(/所在党支部应在/)

  const secretary = await Person.open(browser, city.base, '蔡文静')
  await secretary.tab('待办')
  await secretary.sees('在湛江市霞山区海滨社区报到，请核实回执')
  await secretary.tap(/^接收/, cardOf(secretary, '符秀英', '报到'))
  await secretary.leaveApp()
  await member.open('/registrations/mine')
  await member.sees(/由所在党支部接收/)

  await secretary.open('/registrations/branch')
  await secretary.sees(/湛江市霞山区海滨社区 · .*接收/)
  await Promise.all([member.close(), secretary.close()])
})

test('the secretary enters a signed slip, and ends what somebody cannot ask for', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open('/registrations/community')
  await secretary.tap('登记书面报到')
  await secretary.tap('登记')
  await secretary.sees('请填写回单编号。')
  await secretary.write('姓名', '吴清明')
  await secretary.page.getByLabel('手机号').last().fill('10000000004')
  await secretary.write('回单编号', '2026-001')
  await secretary.tap('登记')
  await secretary.sees(/已登记，回执编号BD/)

  await secretary.open('/registrations/community')
  await secretary.tap(/^吴清明/)
  await secretary.tap('按书面申请暂停')
  await secretary.tap('休假')
  await secretary.write('回单编号', '2026-002')
  await secretary.tap('办理')
  await secretary.settle()
  await secretary.tap('已暂停')
  await secretary.settle()
  await secretary.tap(/^吴清明/)
  await secretary.sees(/起暂停/)
  await secretary.sees(/按书面回单（2026-001）登记/)
  await secretary.tap('结束报到')
  await secretary.tap('已搬离')
  await secretary.tap('已向本人核实。')
  await secretary.tap('结束报到', secretary.page.getByRole('dialog').filter({ visible: true }).last())
  await secretary.settle()
  const member = await Caller.open(city.base, 'demo-member-4')
  const [ended] = (await member.get('/me/registrations')).items
  assert.deepEqual([ended.status, ended.end_reason, ended.end_note], ['ended', 'moved', '已向本人核实。'])
  await secretary.close()
})

test('the street reads which answers are overdue, and no name', async () => {
  const officer = await Person.open(browser, city.base, '梁慧敏')
  await officer.tap(/^过期未答复的报到/)
  await officer.sees(/请督促社区办理/)
  await officer.sees(/应在.*前答复/)
  const { items } = await (await Caller.open(city.base, 'demo-street-officer')).get('/registrations?overdue=true')
  assert.ok(items.length > 0)
  assert.ok(items.every(one => one.member === null))
  await officer.close()
})
