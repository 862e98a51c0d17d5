// Receipts, certificates, units and feedback on the compiled WeChat package, one phone handed from person to person.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Caller, registered } from '../caller.mjs'
import { openCity } from '../city.mjs'
import { day } from '../moments.mjs'
import { origin } from './origin.mjs'

const require = createRequire(import.meta.url)
const { launch } = require('./runtime.cjs')
const { Hand } = require('./hand.cjs')
const BUILT = fileURLToPath(new URL('../../miniprogram/dist/build/mp-weixin', import.meta.url))
const COMMUNITY = '460106003004'
let city, hand

before(async () => {
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
  hand = new Hand(launch(BUILT, { base: city.base, origin }))
  await hand.settle()
})
after(async () => {
  hand?.close()
  await city?.close()
})

/** Tap what opens a paper: WeChat fetches it and shows it itself. */
async function opens(words) {
  const before = hand.world.opened.length
  await hand.tap(words)
  await hand.until(() => hand.world.opened.length > before, `opens ${words}`)
  const { fileType, bytes } = hand.world.opened.at(-1)
  assert.equal(fileType, 'pdf')
  assert.equal(Buffer.from(bytes).subarray(0, 5).toString(), '%PDF-')
}

test('papers, units and feedback, on the package that WeChat would run', async t => {
  await t.test('the member opens the receipt and a certificate, and its number verifies', async () => {
    await hand.become('demo-member')
    await hand.go('/registrations/mine')
    await opens('打开回执')
    await hand.go('/documents/certificates')
    await hand.tap('开具证明')
    await hand.sees('已开具')
    await opens('打开证明')
    const [number] = /ZM\d{4}[A-Z0-9]{10}/.exec(hand.text())
    await hand.go(`/documents/verify?number=${number}`)
    await hand.sees('1次，1小时35分钟')
    assert.doesNotMatch(hand.text(), /陈丽华/)
  })
  await t.test('the contact registers the unit and the community receives it', async () => {
    await hand.become('demo-unit-contact')
    await hand.tap('为单位报到')
    await hand.tap('为单位报到')
    await hand.tap('请选择')
    await hand.write(0, '国贸')
    await hand.tap('国贸社区居民委员会')
    await hand.write(0, '每季度组织一次志愿服务')
    await hand.tap('添加一项资源')
    await hand.write(1, '会议室一间')
    await hand.tap('提交报到')
    await hand.sees('等待接收')
    await hand.become('demo-community-secretary')
    await hand.go('/pages/inbox')
    await hand.sees('场地：会议室一间')
    await hand.tap('接收', '海口市城市服务示范局')
    await hand.leaveApp()
    await hand.become('demo-unit-contact')
    await hand.go('/units/list')
    await hand.sees('已接收')
    await opens('打开回执')
  })
  await t.test('the community writes feedback, the member answers, the branch reads it', async () => {
    await hand.become('demo-community-secretary')
    await hand.go('/feedback/members')
    await hand.tap('陈丽华')
    await hand.sees('志愿服务1次')
    await hand.write(0, '积极参加社区服务')
    await hand.tap('提交反馈')
    await hand.sees('待本人过目')
    await hand.become('demo-member')
    await hand.go('/feedback/mine')
    await hand.tap('没有补充')
    // The worker may have handed it over before the page has loaded again.
    await hand.until(() => /已答复|已转党支部/.test(hand.text()), 'sees the answer taken')
    await hand.become('demo-branch-secretary')
    for (let tries = 0; tries < 20; tries += 1) {
      // the worker hands it over
      await hand.go('/feedback/received')
      if (hand.text().includes('积极参加社区服务')) break
      await new Promise(resolve => setTimeout(resolve, 500))
    }
    await hand.sees('社区评语：积极参加社区服务')
  })
})
