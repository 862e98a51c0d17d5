// A demand on the compiled WeChat package: brought, listed, made a project, queued for, done and evaluated.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { registered } from '../caller.mjs'
import { openCity } from '../city.mjs'
import { origin } from './origin.mjs'

const require = createRequire(import.meta.url)
const { launch } = require('./runtime.cjs')
const { Hand } = require('./hand.cjs')
const BUILT = fileURLToPath(new URL('../../miniprogram/dist/build/mp-weixin', import.meta.url))
const COMMUNITY = '460106003004'
const PROJECT = '为3号楼楼道加装扶手'
let city, hand

before(async () => {
  city = await openCity()
  for (const code of ['demo-member-4', 'demo-member-6']) await registered(city.base, code, COMMUNITY)
  hand = new Hand(launch(BUILT, { base: city.base, origin }))
  await hand.settle()
})
after(async () => {
  hand?.close()
  await city?.close()
})

/** The card behind a sheet may have a button of the same words: the sheet's comes last. */
async function tapOnSheet(words) {
  const buttons = await hand.until(() => {
    const found = hand.all(one => one.$$?.tagName === 'WX-BUTTON' && one.$$.textContent.trim() === words)
    return found.length ? found : undefined
  }, `taps ${words} on the sheet`)
  hand.fire(buttons[buttons.length - 1], 'tap')
  await hand.settle()
}
async function at(code, url) {
  await hand.become(code)
  await hand.go(url)
}

test('a demand goes its way, on the package that WeChat would run', async t => {
  await t.test('a resident brings it without being on any roster', async () => {
    await hand.become('demo-resident')
    await hand.tap('我是社区居民')
    await hand.tap('向社区提出需求')
    await hand.tap('请选择')
    await hand.write(0, '国贸')
    await hand.tap('国贸社区居民委员会')
    await hand.write(0, '楼道加装扶手')
    await hand.write(1, '3号楼老人多。')
    await hand.tap('先存草稿')
    await hand.sees('还没有提交，可以修改。')
    await hand.tap('提交社区')
    await hand.sees('等待社区办理')
  })
  await t.test('the secretary accepts it, publishes the list and a project with a risk', async () => {
    await at('demo-community-secretary', '/pages/inbox')
    await hand.tap('办理', '楼道加装扶手')
    await hand.write(0, '3号楼楼道加装扶手')
    await hand.tap('确认受理')
    await hand.leaveApp()
    await hand.go(`/demands/list?code=${COMMUNITY}&state=accepted`)
    await hand.sees('3号楼楼道加装扶手')
    const [words] = /公布清单（\d+项待公布）/.exec(hand.text())
    await hand.tap(words)
    await hand.confirm()
    await hand.tap('已公布')
    await hand.tap('3号楼楼道加装扶手')
    await hand.tap('为它发布项目')
    await hand.write(0, PROJECT)
    await hand.tap('有一定风险')
    await hand.write(3, '施工方已投保')
    await hand.tap('提交街道审核')
    await hand.sees('街道审核中')
  })
  await t.test('the street agrees', async () => {
    await at('demo-street-officer', '/pages/inbox')
    await hand.tap('同意公布', PROJECT)
    await hand.leaveApp()
  })
  await t.test('one claims, another waits, and moves up when the first withdraws', async () => {
    await at('demo-member-4', '/projects/list')
    await hand.tap(PROJECT)
    await hand.tap('我来认领')
    await hand.sees('等待社区答复')
    await at('demo-member-6', '/projects/list')
    await hand.tap('可候补')
    await hand.tap(PROJECT)
    await hand.tap('排队候补')
    await hand.sees('排队第1位')
    await at('demo-member-4', '/projects/claims')
    await hand.tap('撤回', PROJECT)
    await hand.confirm()
    await hand.sees('已撤回')
  })
  await t.test('it is accepted, begun, delivered, asked more about and taken over', async () => {
    await at('demo-community-secretary', '/pages/inbox')
    await hand.tap('同意', PROJECT)
    await hand.leaveApp()
    await at('demo-member-6', '/projects/claims')
    await hand.tap('开始', PROJECT)
    await hand.tap('提交完成情况', PROJECT)
    await hand.write(0, '装了一侧')
    await hand.tap('提交给社区验收')
    await at('demo-community-secretary', '/pages/inbox')
    await hand.tap('请补充', PROJECT)
    await hand.tap('还有一部分没有完成，请继续。')
    await tapOnSheet('请补充')
    await hand.leaveApp()
    await at('demo-member-6', '/projects/claims')
    await hand.sees('社区请您补充：还有一部分没有完成，请继续。')
    await hand.tap('提交完成情况', PROJECT)
    await hand.write(0, '两侧都已装好')
    await hand.tap('提交给社区验收')
    await at('demo-community-secretary', '/pages/inbox')
    await hand.tap('验收', PROJECT)
    for (const words of ['已解决', '满意', '完成验收']) await hand.tap(words)
    await hand.leaveApp()
  })
  await t.test('both sides say how it went', async () => {
    await at('demo-member-6', '/projects/claims')
    await hand.tap('评价项目', PROJECT)
    for (const words of ['已解决', '满意', '提交评价']) await hand.tap(words)
    await hand.sees('认领方评价：问题已解决，满意')
    await at('demo-resident', '/demands/mine')
    await hand.tap('3号楼楼道加装扶手')
    await hand.tap('评价办理结果')
    await hand.tap('已解决', '未解决') // the demand's own state has the same words
    for (const words of ['满意', '提交评价']) await hand.tap(words)
    await hand.sees('提出方评价')
    assert.match(hand.route(), /demands\/demand/)
  })
})
