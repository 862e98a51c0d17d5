// Papers, units and feedback: asked for, decided, opened, and verified by somebody who never signed in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openPhone } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  const member = await registered(city.base, 'demo-member', COMMUNITY)
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const at = time => `${day(-1)}T${time}:00+08:00`
  const service = {
    community_code: COMMUNITY,
    category: 'care',
    content: '看望独居老人',
    started_at: at('09:00'),
    ended_at: at('10:35'),
    is_volunteer_service: true,
  }
  const { id } = await member.post('/service-records', service)
  await keeper.post(`/service-records/${id}/confirmation`, {})
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const come = (name, options) => Person.open(browser, city.base, name, options)

/** Tap what opens a paper; the name under which the browser keeps it. */
async function kept(person, words) {
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.tap(words)])
  const failure = await download.failure()
  assert.equal(failure, null)
  return download.suggestedFilename()
}

test('a receipt is opened, a certificate issued, opened, verified by a stranger, and revoked', async () => {
  const member = await come('陈丽华')
  await member.open('/registrations/mine')
  const receipt = await kept(member, '打开回执')
  assert.match(receipt, /^BD\d{4}\w{10}\.pdf$/)

  await member.open('/documents/certificates')
  await member.tap('开具证明')
  await member.sees('已开具')
  await member.sees('1次，1小时35分钟')
  const certificate = await kept(member, '打开证明')
  assert.match(certificate, /^ZM\d{4}\w{10}\.pdf$/)

  const passerBy = await openPhone(browser, city.base)
  const page = passerBy.page
  const look = async number => {
    await page.goto('about:blank')
    await page.goto(`${city.base}/m/#/documents/verify?number=${number}`)
  }
  await look(certificate.slice(0, -4))
  await page.getByText('1次，1小时35分钟').filter({ visible: true }).waitFor()
  await page.getByText('有效', { exact: true }).filter({ visible: true }).waitFor()
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /陈丽华|登录/)
  assert.deepEqual([...(await barriers(page)), ...(await hardToUse(page))], [])
  await look(receipt.slice(0, -4).toLowerCase())
  await page.getByText('国贸社区居民委员会').filter({ visible: true }).waitFor()
  assert.deepEqual(passerBy.problems, [])
  await look('ZM2026NOTTHERE')
  await page.getByText('没有查到这个编号').filter({ visible: true }).waitFor()

  const secretary = await come('冯建军')
  await secretary.open('/documents/issued')
  await secretary.tap('撤销，陈丽华')
  await secretary.tap('证明内容有误，请重新开具。')
  await secretary.tap(/^撤销证明/)
  await secretary.sees('还没有开具过证明')
  await look(certificate.slice(0, -4))
  await page.getByText('已撤销', { exact: true }).filter({ visible: true }).waitFor()
  await passerBy.context.close()
  for (const person of [member, secretary]) await person.close()
})

test('the contact registers the unit with what it offers, the community receives it, either side ends it', async () => {
  const contact = await come('曾志远')
  await contact.open('/pages/home')
  await contact.tap('为单位报到')
  await contact.sees('单位还没有报到')
  await contact.tap('为单位报到')
  await contact.tap('提交报到')
  await contact.sees('请选择街道或社区。')
  await contact.tap(/^向哪里报到/)
  await contact.write('社区名称', '国贸')
  await contact.tap('国贸社区居民委员会')
  await contact.write('商定的计划', '每季度组织一次志愿服务')
  await contact.tap('添加一项资源')
  await contact.tap('专业服务')
  await contact.write('资源1：可以提供什么', '政策咨询')
  await contact.write('资源1：时间', '每月第一个周六')
  await contact.tap('提交报到')
  await contact.sees('等待接收')

  const secretary = await come('冯建军')
  await secretary.open('/pages/inbox')
  await secretary.sees('专业服务：政策咨询，每月第一个周六')
  await secretary.tap(/^接收，海口市城市服务示范局/)
  await secretary.leaveApp()
  await contact.open('/units/list')
  await contact.sees('已接收')
  assert.match(await kept(contact, '打开回执'), /^DW\d{4}\w{10}\.pdf$/)
  await contact.tap(/^改资源清单/)
  await contact.tap('删去资源1')
  await contact.tap('保存资源清单')
  await contact.seesNot('专业服务：政策咨询，每月第一个周六')

  await secretary.open('/units/list')
  await secretary.tap(/^结束报到，海口市城市服务示范局/)
  await secretary.tap('商定的计划已经完成。')
  await secretary.tap(/^结束报到$/)
  await secretary.sees('结束原因：商定的计划已经完成。')
  await contact.open('/units/list')
  await contact.sees('已结束')
  for (const person of [contact, secretary]) await person.close()
})

test('the community writes a year’s feedback, the member answers first, the branch reads it last', async () => {
  const secretary = await come('冯建军')
  await secretary.open('/feedback/received')
  await secretary.tap('选一位报到党员填写')
  await secretary.tap('陈丽华')
  await secretary.sees('志愿服务1次')
  await secretary.tap('提交反馈')
  await secretary.sees('请写一两句评语。')
  await secretary.write('社区评语', '积极参加社区服务')
  await secretary.tap('提交反馈')
  await secretary.sees('待本人过目')

  const branch = await come('蔡文静')
  await branch.open('/feedback/received')
  await branch.sees('还没有反馈')
  const member = await come('陈丽华')
  await member.tab('待办')
  await member.tap(/年度反馈请您过目/)
  await member.sees('社区评语：积极参加社区服务')
  await member.write('本人说明', '还参加了夜间巡逻')
  await member.tap('提交说明')
  await member.sees('本人说明：还参加了夜间巡逻')
  for (let tries = 0; tries < 20; tries += 1) {
    // the worker hands it over
    await branch.open('/feedback/received')
    if ((await branch.text()).includes('还参加了夜间巡逻')) break
    await branch.page.waitForTimeout(1000)
  }
  await branch.sees('本人说明：还参加了夜间巡逻')
  for (const person of [secretary, branch, member]) await person.close()
})

for (const look of [{ width: 320 }, { width: 768, dark: true }]) {
  test(`each of these pages can be used at ${look.width} px${look.dark ? ' in the dark' : ''}`, async () => {
    const pages = {
      陈丽华: ['/documents/certificates', '/feedback/mine', '/documents/verify'],
      冯建军: ['/documents/issued', '/units/list', '/feedback/received', '/feedback/members'],
      曾志远: ['/units/list', '/units/register'],
    }
    for (const [name, paths] of Object.entries(pages)) {
      const person = await come(name, look)
      for (const path of paths) {
        await person.open(path)
        const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
        if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
        assert.deepEqual(wrong, [], path)
      }
      await person.close()
    }
  })
}
