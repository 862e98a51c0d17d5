// What does not go straight: given back, said no to, taken back, put right.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller, registered, stranger } from './caller.mjs'
import { openCity } from './city.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
const at = (days, time) => `${day(days)}T${time}:00+08:00`
const service = content => ({
  community_code: COMMUNITY,
  category: 'care',
  content,
  started_at: at(-1, '09:00'),
  ended_at: at(-1, '10:00'),
})
const project = title => ({
  community_code: COMMUNITY,
  title,
  places: 1,
  starts_on: day(1),
  ends_on: day(30),
  claim_deadline: at(20, '18:00'),
})

let city, browser, secretary
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  secretary = await Person.open(browser, city.base, '冯建军')
})
after(async () => {
  await secretary?.close()
  await browser?.close()
  await city?.close()
})

/** The secretary says no, with one of the ready sentences, and lets it go out. */
async function refuse(button, sentence, action, code) {
  await secretary.open('/pages/inbox')
  await secretary.tap(button)
  const sheet = secretary.page.getByRole('dialog').filter({ visible: true })
  if (code) {
    await secretary.tap(action, sheet)
    await secretary.sees('请选择一项。')
    await secretary.tap(code, sheet)
  }
  await secretary.tap(action, sheet)
  await secretary.sees('请写明原因，对方会看到。')
  await secretary.tap(sentence, sheet)
  await secretary.tap(action, sheet)
  await secretary.sees('秒后提交')
  await secretary.leaveApp()
}

test('a registration is returned, put right, refused with its ground, made anew and withdrawn', async () => {
  const member = await Person.open(browser, city.base, '王海涛')
  const caller = await Caller.open(city.base, 'demo-member-2')
  await caller.post('/registrations', { community_code: COMMUNITY })
  await refuse('退回补充，王海涛', '请写明可以服务的时间。', '退回补充')

  await member.open('/pages/home')
  await member.tap('补充报到材料')
  await member.sees('社区党组织请您补充：请写明可以服务的时间。')
  await member.write('方便服务的时间', '周六上午')
  await member.tap('再次提交')
  await member.sees('等待社区答复')
  await secretary.open('/pages/inbox')
  await secretary.sees('可服务时间：周六上午')

  await refuse('不接收，王海涛', /您的住址不在本社区/, '不接收', '不住本社区')
  await member.open('/registrations/mine')
  await member.sees('社区党组织没有接收：您的住址不在本社区，请向居住地社区报到。')
  await member.tap('重新报到')
  await member.write('社区名称', '国贸')
  await member.tap('国贸社区居民委员会')
  await member.tap('提交报到')
  await member.sees('等待社区答复')
  await member.tap('撤回报到')
  await member.confirm()
  await member.sees('您撤回了这次报到。')
  await member.close()
})

test('a service record is returned, put right, confirmed, voided; another is withdrawn', async () => {
  const member = await Person.open(browser, city.base, '符秀英')
  const caller = await Caller.open(city.base, 'demo-member-3')
  await caller.post('/service-records', service('打扫楼道'))
  await refuse('退回补充，符秀英', '请补充说明做了什么。', '退回补充')

  await member.open('/volunteering/records')
  await member.sees('社区请您补充：请补充说明做了什么。')
  await member.tap('补充，打扫楼道')
  await member.write('做了什么', '打扫3号楼楼道，清走旧物')
  await member.tap('再次提交')
  await member.sees('等待社区确认')
  await secretary.open('/pages/inbox')
  await secretary.sees('打扫3号楼楼道，清走旧物')
  await secretary.tap('确认，符秀英')
  await secretary.leaveApp()
  await member.open('/volunteering/records')
  await member.sees('已确认')

  await secretary.open('/volunteering/community')
  await secretary.tap('作废，符秀英')
  const sheet = secretary.page.getByRole('dialog').filter({ visible: true })
  await secretary.tap('核实后没有这次服务。', sheet)
  await secretary.tap('作废', sheet)
  await secretary.seesNot('打扫3号楼楼道')
  await member.open('/volunteering/records')
  await member.sees('作废原因：核实后没有这次服务。')

  await caller.post('/service-records', {
    ...service('陪老人就医'),
    started_at: at(-2, '09:00'),
    ended_at: at(-2, '11:00'),
  })
  await member.open('/volunteering/records')
  await member.tap('撤回，陪老人就医')
  await member.confirm()
  await member.sees('已撤回')
  await member.close()
})

test('a claim is declined, another withdrawn, and the place is free again', async () => {
  await registered(city.base, 'demo-member-4', COMMUNITY)
  const member = await Person.open(browser, city.base, '吴清明')
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const { id } = await keeper.post('/projects', project('教老人用手机'))
  await keeper.post(`/projects/${id}/opening`)

  await member.open(`/projects/project?id=${id}`)
  await member.tap('我来认领')
  await member.sees('等待社区答复')
  await refuse('不同意，吴清明', /名额已另行安排/, '不同意')
  await member.open('/projects/claims')
  await member.sees('名额已另行安排，感谢支持。')

  await member.open(`/projects/project?id=${id}`)
  await member.tap('我来认领')
  await member.sees('等待社区答复')
  await member.open('/projects/claims')
  await member.tap('撤回，教老人用手机')
  await member.confirm()
  await member.sees('已撤回')
  await member.open(`/projects/project?id=${id}`)
  await member.sees('1个，还有1个')
  await member.close()
})

test('whoever no roster knows is looked up by the branch secretary, then confirmed by another or told no', async () => {
  const branch = await Person.open(browser, city.base, '蔡文静')
  const known = await stranger(city, { name: '甲来客', phone: '10000009901' })
  const other = await stranger(city, { name: '乙来客', phone: '10000009902' })
  await branch.open('/pages/inbox')
  await branch.sees('手机号不在名册中')
  await branch.tap('核对，甲来客')
  const sheet = branch.page.getByRole('dialog').filter({ visible: true })
  const entry = sheet.getByRole('button').nth(1)
  const chosen = (await entry.innerText()).trim()
  await branch.tap(chosen, sheet)
  await branch.sees(`已核对为${chosen}`)
  await branch.leaveApp()
  assert.equal((await known.get('/me')).member, null)
  const officer = await Person.open(browser, city.base, '韩雪松')
  await officer.open('/pages/inbox')
  await officer.sees(`支部核对为名册中的${chosen}`)
  await officer.tap('同意关联，甲来客')
  await officer.leaveApp()
  assert.equal((await known.get('/me')).member?.name, chosen)
  await officer.close()

  await branch.tap('不是本支部党员，乙来客')
  await branch.tap('名册中没有您的信息', sheet)
  await branch.tap('不是本支部党员', sheet)
  await branch.leaveApp()
  await branch.seesNot('乙来客')
  assert.equal((await other.get('/me')).member, null)
  await branch.close()
})
