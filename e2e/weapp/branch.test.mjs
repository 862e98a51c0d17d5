// The branch's space on the compiled WeChat package, one phone handed from person to person.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openCity } from '../city.mjs'
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

test('the bodies, the life and the materials of a branch, on the package that WeChat would run', async t => {
  await t.test('the secretary founds a group and publishes something to read', async () => {
    await hand.become('demo-branch-secretary')
    await hand.go('/branch/space')
    await hand.tap('支委和党小组')
    await hand.sees('支部委员会')
    await hand.tap('设立党小组')
    await hand.write(0, '宣传党小组')
    await hand.write(1, '陈丽华')
    await hand.tap('陈丽华')
    await hand.tap('保存党小组')
    await hand.sees('宣传党小组')
    await hand.go('/branch/publish')
    await hand.write(0, '十一月学习材料')
    await hand.write(1, '第一段。\n第二段。')
    await hand.tap('发布给支部党员')
    await hand.sees('第二段。')
  })
  await t.test('the secretary sees whom to ask after, and exempts', async () => {
    await hand.go('/branch/space')
    await hand.tap('需要关心的党员')
    await hand.sees('不作任何认定')
    await hand.tap('免予要求')
    await hand.tap('登记免予要求')
    await hand.tap('体弱')
    await hand.write(0, '李春燕')
    await hand.tap('李春燕')
    await hand.tap('登记')
    await hand.sees('体弱 · ')
  })
  await t.test('the member reads, and sees what was held period by period', async () => {
    await hand.become('demo-member')
    await hand.go('/branch/space')
    await hand.tap('十一月学习材料')
    await hand.sees('第一段。')
    await hand.go('/branch/space')
    await hand.tap('组织生活情况')
    await hand.sees('党小组会 · 宣传党小组')
    assert.match(hand.text(), /第十六条/)
  })
})
