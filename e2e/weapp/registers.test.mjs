// A register on the compiled WeChat package: entered by the form its declaration makes, found, corrected, voided.
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

/** The page behind a sheet may have a button of the same words: the sheet's comes last. */
async function tapOnSheet(words) {
  const buttons = await hand.until(() => {
    const found = hand.all(one => one.$$?.tagName === 'WX-BUTTON' && one.$$.textContent.trim() === words)
    return found.length ? found : undefined
  }, `taps ${words} on the sheet`)
  hand.fire(buttons[buttons.length - 1], 'tap')
  await hand.settle()
}

test('a register is kept on the package that WeChat would run', async t => {
  await hand.become('demo-community-secretary')

  await t.test('its form says what is missing, and chooses by a part of a name', async () => {
    await hand.go('/registers/all')
    await hand.sees('由我登记')
    await hand.tap('网格')
    await hand.tap('登记网格')
    await hand.sees('计入第七条')
    await hand.tap('登记')
    await hand.sees('请填写网格名称。')
    await hand.write(0, '椰风网格')
    await hand.tap('请选择')
    await hand.write(1, '支部')
    await hand.tap('中共海口市城市服务示范局支部委员会')
    await hand.tap('公共服务')
  })
  await t.test('what was typed outlives the page; what was entered is found by its initials', async () => {
    await hand.go('/registers/form?register=grid')
    await hand.sees('已恢复上次没有提交的内容。')
    await hand.tap('登记')
    await hand.sees('有效')
    await hand.sees('公共服务')
    await hand.go('/registers/list?register=grid')
    await hand.write(0, 'yfwg')
    await hand.tap('椰风网格')
    await hand.sees('有效')
  })
  await t.test('it is corrected, and voided with a reason', async () => {
    await hand.tap('修改')
    await hand.sees('修改说明')
    await hand.write(0, '椰风第一网格')
    await hand.tap('原来登记有误')
    await hand.tap('保存修改')
    await hand.sees('名称：椰风网格改为椰风第一网格')
    await hand.tap('作废')
    await hand.tap('登记错了。')
    await tapOnSheet('作废登记')
    await hand.sees('已作废')
    await hand.sees('作废：登记错了。')
  })
  await t.test('rows are small forms, a month and a day are chosen on sheets, a flag is yes or no', async () => {
    await hand.go('/registers/form?register=venue')
    await hand.write(0, '国贸社区党群活动中心')
    await hand.tap('添加一行')
    await hand.tap('错时上下班')
    await hand.tap('登记')
    await hand.sees('第1行：请填写时间。')
  })
})
