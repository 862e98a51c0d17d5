// A meeting on the compiled WeChat package: leave, a vote, minutes, one phone handed from person to person.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openCity } from '../city.mjs'
import { meetingNow } from '../moments.mjs'
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

const atTheMeeting = async code => {
  await hand.become(code)
  await hand.go('/meetings/calendar')
  await hand.tap('年度工作大会')
}

test('leave, a vote and minutes, on the package that WeChat would run', async t => {
  await t.test('a member is excused by the secretary', async () => {
    await hand.become('demo-branch-secretary')
    const plan = {
      kind: 'members_assembly',
      gathering: 'members',
      group: '',
      title: '年度工作大会',
      mode: 'in_person',
      place: '二楼会议室',
      ...meetingNow(),
      agenda: '讨论',
      platform: '',
      url: '',
    }
    hand.hasDraft('meetings/convene', { plan })
    await hand.go('/meetings/convene')
    await hand.tap('登记会议')
    await hand.confirm()
    await atTheMeeting('demo-member')
    await hand.tap('请假')
    await hand.tap('工作原因')
    await hand.tap('提交请假')
    await hand.sees('等待书记答复')
    await atTheMeeting('demo-branch-secretary')
    await hand.tap('同意', '陈丽华')
    await hand.sees('已同意')
  })
  await t.test('who is there types the digits of the venue', async () => {
    await hand.tap('出示签到码')
    await hand.sees('每15秒自动更换')
    const [first, last] = hand
      .text()
      .match(/(\d{4}) ?(\d{4})每15秒/)
      .slice(1)
    await atTheMeeting('demo-member-2')
    await hand.tap('用会场签到码登记')
    await hand.write(0, first + last)
    await hand.tap('登记到会')
    await hand.sees('已登记到会')
    await atTheMeeting('demo-branch-secretary')
  })
  await t.test('the list, a vote and the minutes are kept, and sealed', async () => {
    await hand.tap('登记到会、请假和缺席')
    await hand.tap((await hand.reads(/其余\d+人都记为到会/))[0])
    await hand.tap('保存名单')
    await hand.tap('登记表决')
    await hand.write(0, '通过年度工作计划')
    await hand.write(1, '9')
    await hand.tap('登记表决')
    await hand.sees('已登记的表决')
    await atTheMeeting('demo-branch-secretary')
    await hand.tap('选举应到人数')
    await hand.write(0, '符秀英')
    await hand.tap('符秀英')
    await hand.tap('在国外半年以上')
    await hand.write(0, '机关党委批复')
    await hand.tap('已经党员大会通过')
    await hand.tap('登记')
    await hand.sees('不计入的人员')
    await atTheMeeting('demo-branch-secretary')
    await hand.tap('会议记录')
    await hand.write(0, '会议由书记主持。')
    await hand.tap('保存')
    await hand.sees('上次保存')
    await atTheMeeting('demo-branch-secretary')
    await hand.tap('结束会议')
    await hand.confirm()
    await hand.sees('名单已封存')
  })
  await t.test('the branch reads what was decided and written', async () => {
    await atTheMeeting('demo-member-2')
    await hand.sees('有表决权应到')
    await hand.tap('会议记录')
    await hand.sees('会议由书记主持。')
    assert.match(hand.route(), /meetings\/minutes/)
  })
  await t.test('the city switches votes online on, with a reason', async () => {
    await hand.become('demo-city-officer')
    await hand.go('/account/online-voting')
    await hand.tap('改为允许')
    await hand.tap('特殊时期，上级同意线上表决。')
    await hand.tap('确定更改')
    await hand.sees('允许线上会议表决')
  })
})
