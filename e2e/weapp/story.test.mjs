// The whole story on the compiled WeChat package, one phone handed from person to person.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Caller } from '../caller.mjs'
import { openCity } from '../city.mjs'
import { day, meetingNow } from '../moments.mjs'
import { origin } from './origin.mjs'

const require = createRequire(import.meta.url)
const { launch } = require('./runtime.cjs')
const { Hand } = require('./hand.cjs')
const BUILT = fileURLToPath(new URL('../../miniprogram/dist/build/mp-weixin', import.meta.url))
let city, hand

before(async () => {
  city = await openCity()
  hand = new Hand(launch(BUILT, { base: city.base, origin }))
  await hand.settle()
})
after(async () => {
  hand?.close()
  await city?.close()
})

const NEWCOMER = 'sandbox-openid-demo-newcomer'
const control = (action, body) =>
  fetch(`${city.sandbox}/_ctl/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function figure(duty) {
  await hand.go('/duties/area?code=460100')
  await hand.sees('海口市')
  return Number(new RegExp(`${duty}[^已]*已履行\\s*(\\d+)`).exec(hand.text())[1])
}

test('the story of each role, on the package that WeChat would run', async t => {
  let before
  await t.test('the city officer reads the figures', async () => {
    await hand.become('demo-city-officer')
    before = await figure('到居住地社区报到')
  })
  await t.test('a newcomer links by phone number and registers', async () => {
    await hand.become('demo-newcomer')
    await hand.tap('我是党员')
    await hand.givePhone('用微信绑定的手机号核对', 'demo-newcomer-phone')
    await hand.sees('何晓晴，您好')
    await hand.go('/pages/mine')
    await hand.tap('微信消息提醒')
    await hand.go('/pages/home')
    await hand.tap('去报到')
    await hand.write(0, '国贸')
    await hand.tap('国贸社区居民委员会')
    await hand.write(0, '摄影、写作')
    hand.world.onAsk = ids => Promise.all(ids.map(template_id => control('grant', { openid: NEWCOMER, template_id })))
    await hand.tap('提交报到')
    await hand.sees('等待社区答复')
    await hand.go('/account/messages')
    await hand.sees('报到办理结果还可以收到1条')
  })
  await t.test('the community secretary accepts', async () => {
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.tap('接收', '何晓晴')
    await hand.sees('已接收何晓晴的报到')
    await hand.leaveApp()
  })
  await t.test('WeChat passes the news on, for the newcomer gave leave', async () => {
    const sent = async () =>
      (await (await fetch(`${city.sandbox}/_ctl/state`)).json()).sent.filter(one => one.touser === NEWCOMER)
    const until = Date.now() + 20_000
    while (!(await sent()).length && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 200))
    assert.deepEqual(
      (await sent()).map(one => [one.template_id, one.data.phrase2.value]),
      [['TPL-REGISTRATION-RESULT', '已接收']],
    )
  })
  await t.test('the member logs a service and the secretary confirms it', async () => {
    await hand.become('demo-newcomer')
    await hand.sees('已在国贸社区居民委员会报到。')
    hand.hasDraft('volunteering/log', {
      facts: { category: 'care', content: '帮老人代购药品', date: day(-1), from: '10:00', to: '11:30' },
    })
    await hand.tap('记录服务')
    hand.world.picture = fileURLToPath(new URL('../../miniprogram/src/static/tab/home-dark.png', import.meta.url))
    await hand.tap('添加图片')
    await hand.sees('图片1')
    await hand.tap('提交')
    await hand.sees('等待社区确认')
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.tap('图片1.png', '何晓晴')
    assert.match(hand.world.previewed[0], /\/content\?expires=\d+&signature=/)
    assert.equal((await fetch(hand.world.previewed[0].replace(origin, city.base))).status, 200)
    await hand.tap('确认', '何晓晴')
    await hand.leaveApp()
  })
  await t.test('the member contests the record and the secretary stands by it', async () => {
    await hand.become('demo-newcomer')
    await hand.go('/volunteering/records')
    await hand.tap('详情与异议')
    await hand.tap('提出异议')
    await hand.tap('时间不对，请核对。')
    await hand.tap('提交异议')
    await hand.sees('核实中')
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.sees('本人异议：时间不对，请核对。')
    await hand.tap('维持原记录', '何晓晴')
    await hand.tap('经核对活动名单，原记录无误。')
    // The card behind the sheet has a button of the same words.
    const buttons = hand.all(one => one.$$?.tagName === 'WX-BUTTON' && one.$$.textContent.trim() === '维持原记录')
    hand.fire(buttons[buttons.length - 1], 'tap')
    await hand.settle()
    await hand.leaveApp()
    await hand.become('demo-newcomer')
    await hand.go('/volunteering/records')
    await hand.tap('详情与异议')
    await hand.sees('社区答复：经核对活动名单，原记录无误。')
  })
  await t.test('the branch meets and closes', async () => {
    await hand.become('demo-branch-secretary')
    hand.hasDraft('meetings/convene', {
      plan: {
        kind: 'members_assembly',
        title: '学习交流会',
        mode: 'online',
        ...meetingNow(),
        agenda: '学习',
        platform: '腾讯会议',
        url: 'https://meeting.tencent.com/dm/abc',
      },
    })
    await hand.go('/meetings/convene')
    await hand.tap('登记会议')
    await hand.confirm()
    await hand.become('demo-newcomer')
    await hand.go('/meetings/calendar')
    await hand.tap('学习交流会')
    await hand.tap('https://meeting.tencent.com/dm/abc')
    assert.equal(hand.world.clipboard, 'https://meeting.tencent.com/dm/abc')
    await hand.tap('我已到会')
    await hand.sees('本人登记')
    await hand.become('demo-branch-secretary')
    await hand.go('/meetings/calendar')
    await hand.tap('学习交流会')
    await hand.tap('登记到会、请假和缺席')
    await hand.tap((await hand.reads(/其余\d+人都记为到会/))[0])
    await hand.tap('保存名单')
    await hand.tap('结束会议')
    await hand.confirm()
    await hand.sees('名单已封存')
  })
  await t.test('the secretary publishes, the unit contact claims and delivers, the secretary completes', async () => {
    await hand.become('demo-community-secretary')
    await hand.go('/projects/publish')
    await hand.write(0, '整理3号院自行车棚')
    await hand.tap('发布')
    await hand.sees('可认领')
    await hand.become('demo-unit-contact')
    await hand.go('/projects/list')
    await hand.tap('整理3号院自行车棚')
    await hand.tap('为单位认领')
    await hand.sees('等待社区答复')
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.tap('同意', '整理3号院自行车棚')
    await hand.leaveApp()
    await hand.become('demo-unit-contact')
    await hand.go('/projects/claims')
    await hand.tap('开始', '整理3号院自行车棚')
    await hand.tap('提交完成情况', '整理3号院自行车棚')
    await hand.write(0, '车棚已清理。')
    await hand.tap('提交给社区验收')
    await hand.sees('等待验收')
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.tap('验收', '整理3号院自行车棚')
    for (const words of ['已解决', '满意', '完成验收']) await hand.tap(words)
    await hand.leaveApp()
  })
  await t.test('home shows whose duty is met, and a lost network loses nothing', async () => {
    await hand.become('demo-newcomer')
    assert.match(hand.text(), /每年参加志愿服务不少于2次[^次]*1\/2次/)
    hand.hasDraft('volunteering/log', {
      facts: { category: 'care', content: '看望独居老人', date: day(-2), from: '10:00', to: '11:30' },
    })
    await hand.tap('记录服务')
    hand.world.offline = true
    await hand.tap('提交')
    await hand.sees('网络连接不上')
    assert.equal(hand.world.storage.get('draft:volunteering/log').facts.content, '看望独居老人')
    hand.world.offline = false
    await hand.tap('提交')
    await hand.sees('看望独居老人')
    assert.deepEqual([...hand.world.storage.keys()], ['token'])
  })
  await t.test('a member who is away pauses, and resumes', async () => {
    for (const [ask, choices, agree] of [
      ['申请暂停', ['因病', '提交申请'], '同意暂停'],
      ['申请恢复报到', [], '同意恢复'],
    ]) {
      await hand.become('demo-newcomer')
      await hand.go('/registrations/mine')
      for (const words of [ask, ...choices]) await hand.tap(words)
      await hand.sees('等待社区党组织答复')
      await hand.become('demo-community-secretary')
      await hand.go('/pages/inbox')
      await hand.tap(agree, '何晓晴')
      await hand.leaveApp()
    }
    await hand.become('demo-newcomer')
    await hand.sees('已在国贸社区居民委员会报到。')
  })
  await t.test('the street reads which answers are overdue', async () => {
    await hand.become('demo-street-officer')
    await hand.tap('过期未答复的报到')
    await hand.sees('请督促社区办理')
  })
  await t.test('an activity is published, signed up for, checked in at and written down', async () => {
    const { date, from, to } = meetingNow()
    const keeper = await Caller.open(city.base, 'demo-community-secretary')
    const plan = {
      title: '小区清扫',
      category: 'environment',
      content: '清扫楼道',
      place: '1号楼下',
      turns: [{ id: null, date, from, to, places: '3' }],
      risk: 'low',
      insurance: '',
      age: '',
      notice: '24',
      volunteer: false,
      unit: null,
    }
    await hand.become('demo-community-secretary')
    hand.hasDraft('activities/plan', { id: 0, plan, saved: 0 })
    await hand.go('/activities/plan')
    await hand.tap('由社区组织')
    await hand.tap('海口市城市服务示范局')
    await hand.sees('改为由社区组织')
    await hand.tap('发布，开始报名')
    await hand.sees('进行中')
    await hand.sees('国贸社区居民委员会、海口市城市服务示范局')
    await hand.tap('出示签到码')
    const digits = (await hand.until(() => /(\d{4}) (\d{4})/.exec(hand.text()), 'sees the digits')).slice(1).join('')
    const { id } = (await keeper.get('/activities?status=running')).items.find(one => one.title === '小区清扫')
    await hand.become('demo-newcomer')
    await hand.go('/activities/list')
    await hand.tap('小区清扫')
    await hand.tap('报名')
    await hand.sees('已报名')
    await hand.tap('签到')
    hand.world.scanned = (await keeper.get(`/activities/${id}/check-in-code`)).code
    await hand.tap('扫码签到')
    await hand.sees('已签到（')
    assert.equal(digits.length, 8)
    await hand.write(0, (await keeper.get(`/activities/${id}/check-in-code`)).digits)
    await hand.tap('签退')
    await hand.sees('已签退（')
    await hand.become('demo-community-secretary')
    await hand.go(`/activities/attendance?id=${id}`)
    await hand.sees('何晓晴')
    await hand.tap('保存名单')
    await hand.become('demo-newcomer')
    await hand.go('/volunteering/records')
    await hand.sees('小区清扫')
  })
  await t.test('an expired session signs in again by itself', async () => {
    await hand.become('demo-newcomer')
    const token = hand.world.storage.get('token')
    const told = await fetch(`${city.base}/api/v1/sessions/current`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}` },
    })
    assert.equal(told.status, 204)
    await hand.go('/volunteering/records')
    await hand.sees('看望独居老人')
    assert.notEqual(hand.world.storage.get('token'), token)
  })
  await t.test('the city sees its figures move', async () => {
    await hand.become('demo-city-officer')
    assert.equal(await figure('到居住地社区报到'), before + 1)
    assert.deepEqual(hand.world.errors, [])
    assert.ok(hand.world.requests.every(one => one.includes(` ${origin}/api/v1/`)))
  })
})
