// The whole story in a browser, from a newcomer's first tap to the city's figures.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { openCity } from './city.mjs'
import { day, meetingNow } from './moments.mjs'
import { Person } from './person.mjs'

let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const come = (name, options) => Person.open(browser, city.base, name, options)

async function figure(officer, duty) {
  await officer.open('/duties/area?code=460100')
  const words = await officer.found(duty).innerText()
  return Number(/已履行\s*(\d+)/.exec(words)[1])
}

test('a newcomer links and registers, serves, meets; a unit claims; the city sees the figures move', async t => {
  const officer = await come('韩雪松')
  const registeredBefore = await figure(officer, '到居住地社区报到')

  const newcomer = await come('何晓晴')
  await t.test('the newcomer is found in the roster by the phone number', async () => {
    await newcomer.tap('我是党员')
    await newcomer.tap('用演示手机号核对')
    await newcomer.sees('何晓晴，您好')
  })
  await t.test('and registers with the community in three taps from home', async () => {
    await newcomer.tap('去报到')
    await newcomer.write('社区名称', '国贸')
    await newcomer.tap('国贸社区居民委员会')
    await newcomer.sees('向这个社区报到')
    await newcomer.write('特长', '摄影、写作')
    await newcomer.tap('提交报到')
    await newcomer.sees('等待社区答复')
  })

  const secretary = await come('冯建军')
  await t.test('the secretary accepts, takes it back, and accepts again', async () => {
    await secretary.tab('待办')
    await secretary.tap('接收，何晓晴')
    await secretary.sees('已接收何晓晴的报到')
    await secretary.tap('撤销')
    await secretary.tap('接收，何晓晴')
    await secretary.seesNot('已接收何晓晴的报到') // ten seconds later it is sent
    await newcomer.open('/registrations/mine')
    await newcomer.sees('已接收')
  })

  await t.test('the member serves and the secretary confirms', async () => {
    await newcomer.open('/pages/home')
    await newcomer.tap('记录服务')
    await newcomer.write('做了什么', '帮老人代购药品')
    await newcomer.tap('关爱帮扶')
    await newcomer.tap(/^日期：/)
    await newcomer.pickDay(day(-1)) // yesterday, at the hours the form begins with
    await newcomer.tap('提交，由国贸社区居民委员会确认')
    await newcomer.sees('等待社区确认')
    await secretary.open('/pages/inbox')
    await secretary.tap('确认，何晓晴')
    await secretary.leaveApp()
    await newcomer.open('/volunteering/records')
    await newcomer.sees('已确认')
  })

  const branch = await come('蔡文静')
  await t.test('the branch meets, members mark themselves, the secretary closes', async () => {
    await branch.hasDraft('meetings/convene', {
      plan: {
        kind: 'members_assembly',
        title: '学习交流会',
        mode: 'online',
        ...meetingNow(),
        agenda: '学习\n讨论',
        platform: '腾讯会议',
        url: 'https://meeting.tencent.com/dm/abc',
      },
    })
    await branch.open('/meetings/convene')
    await branch.tap('登记会议')
    await branch.confirm()
    await branch.sees('学习交流会')
    await newcomer.open('/meetings/calendar')
    await newcomer.tap('学习交流会')
    await newcomer.tap('我已到会')
    await newcomer.sees('本人登记')
    await branch.settle()
    await branch.tap(/登记到会、请假和缺席/)
    await branch.tap(/^陈丽华，未登记/)
    await branch.tap('请假')
    await branch.tap(/^好/)
    await branch.tap(/^其余\d+人都记为到会/)
    await branch.sees(/^到会\d+ · 请假1/)
    await branch.tap('保存名单')
    await branch.tap('结束会议')
    await branch.confirm()
    await branch.sees('名单已封存')
  })

  const contact = await come('曾志远')
  await t.test('the unit claims a project, delivers it, and the community takes it over', async () => {
    await secretary.open('/projects/publish')
    await secretary.write('要做什么', '整理3号院自行车棚')
    await secretary.tap('发布')
    await secretary.sees('可认领')
    await contact.open('/projects/list')
    await contact.tap('整理3号院自行车棚')
    await contact.tap('为单位认领')
    await contact.sees('等待社区答复')
    await secretary.open('/pages/inbox')
    await secretary.tap(/^同意，.*曾志远/)
    await secretary.leaveApp()
    await contact.open('/projects/claims')
    await contact.tap('开始，整理3号院自行车棚')
    await contact.tap('提交完成情况，整理3号院自行车棚')
    await contact.write('完成了什么', '车棚已清理，重新划线。')
    await contact.tap('提交给社区验收')
    await contact.sees('等待验收')
    await secretary.open('/pages/inbox')
    await secretary.tap(/^验收，.*曾志远/)
    for (const words of ['已解决', '满意', '完成验收']) await secretary.tap(words)
    await secretary.leaveApp()
    await contact.open('/projects/claims')
    await contact.sees('问题已解决，居民满意')
  })

  await t.test('home shows whose duty is met, each figure opens to its evidence', async () => {
    await newcomer.open('/pages/home')
    const home = await newcomer.text()
    assert.match(home, /到居住地社区报到\s*已履行/)
    assert.match(home, /每年参加志愿服务不少于2次[\s\S]{0,40}1\/2次/)
    await newcomer.tap('每年参加志愿服务不少于2次')
    await newcomer.sees('帮老人代购药品')
  })
  await t.test('the city sees its figures move', async () => {
    assert.equal(await figure(officer, '到居住地社区报到'), registeredBefore + 1)
  })
  for (const person of [officer, newcomer, secretary, branch, contact]) await person.close()
})
