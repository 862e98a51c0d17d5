// The whole story on the compiled WeChat package, one phone handed from person to person.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
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
const control = (action, body) => fetch(`${city.sandbox}/_ctl/${action}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

async function figure(duty) {
  await hand.go('/duties/area?code=460100')
  await hand.sees('海口市')
  return Number(new RegExp(`${duty}[^已]*已完成(\\d+)`).exec(hand.text())[1])
}

test('the story of each role, on the package that WeChat would run', async (t) => {
  let before
  await t.test('the city officer reads the figures', async () => {
    await hand.become('demo-city-officer')
    before = await figure('到居住地社区报到')
  })
  await t.test('a newcomer links by phone number and registers', async () => {
    await hand.become('demo-newcomer')
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
    const sent = async () => (await (await fetch(`${city.sandbox}/_ctl/state`)).json()).sent.filter(one => one.touser === NEWCOMER)
    const until = Date.now() + 20_000
    while (!(await sent()).length && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 200))
    assert.deepEqual((await sent()).map(one => [one.template_id, one.data.phrase2.value]), [['TPL-REGISTRATION-RESULT', '已接收']])
  })
  await t.test('the member logs a service and the secretary confirms it', async () => {
    await hand.become('demo-newcomer')
    await hand.sees('已在国贸社区居民委员会报到。')
    hand.hasDraft('volunteering/log', { facts: { category: 'care', content: '帮老人代购药品', date: day(-1), from: '10:00', to: '11:30' } })
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
  await t.test('the branch meets and closes', async () => {
    await hand.become('demo-branch-secretary')
    hand.hasDraft('meetings/convene', { plan: { kind: 'members_assembly', title: '学习交流会', mode: 'online', ...meetingNow(), agenda: '学习', platform: '腾讯会议', url: 'https://meeting.tencent.com/dm/abc' } })
    await hand.go('/meetings/convene')
    await hand.tap('通知支部党员')
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
    await hand.tap('其余都到会')
    await hand.tap('保存名单')
    await hand.tap('结束会议')
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
    await hand.tap('完成验收')
    await hand.leaveApp()
  })
  await t.test('home shows whose duty is met, and a lost network loses nothing', async () => {
    await hand.become('demo-newcomer')
    assert.match(hand.text(), /每年参加志愿服务不少于2次[^次]*1\/2次/)
    hand.hasDraft('volunteering/log', { facts: { category: 'care', content: '看望独居老人', date: day(-2), from: '10:00', to: '11:30' } })
    await hand.tap('记录服务')
    hand.world.offline = true
    await hand.tap('提交')
    await hand.sees('网络连接不上')
    assert.equal(hand.world.storage.get('draft').values.facts.content, '看望独居老人')
    hand.world.offline = false
    await hand.tap('提交')
    await hand.sees('看望独居老人')
    assert.deepEqual([...hand.world.storage.keys()], ['token'])
  })
  await t.test('an expired session signs in again by itself', async () => {
    const token = hand.world.storage.get('token')
    const told = await fetch(`${city.base}/api/v1/sessions/current`, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })
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
