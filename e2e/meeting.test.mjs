// A meeting from the notice to the sealed minutes: leave, the venue's code, votes by totals, one who writes at a time.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { meetingNow } from './moments.mjs'
import { Person } from './person.mjs'

let city, browser
before(async () => {
  ;[city, browser] = await Promise.all([openCity(), openBrowser()])
})
after(async () => {
  await browser?.close()
  await city?.close()
})

/** Nobody is kept out, in light and dark, in ordinary and large type. */
async function looksRight(person) {
  await person.settle()
  assert.equal(await overflow(person.page), 0)
  assert.deepEqual(await hardToUse(person.page), [])
  assert.deepEqual(await barriers(person.page), [])
}

test('a meeting is held, voted in, written down and sealed', async t => {
  const secretary = await Person.open(browser, city.base, '蔡文静')
  const recorder = await Person.open(browser, city.base, '李春燕')
  const member = await Person.open(browser, city.base, '王海涛')

  await t.test('the secretary names a recorder when convening', async () => {
    const plan = {
      kind: 'members_assembly',
      gathering: 'members',
      group: '',
      title: '年度工作大会',
      mode: 'in_person',
      place: '社区党群服务中心二楼',
      months: 1,
      ...meetingNow(),
      agenda: '讨论\n表决',
      platform: '',
      url: '',
    }
    await secretary.hasDraft('meetings/convene', { plan })
    await secretary.open('/meetings/convene')
    await secretary.tap(/^更多选项/)
    await secretary.tap(/^记录人/)
    await secretary.tap('李春燕')
    await looksRight(secretary)
    await secretary.sees('开会时间已过，只作登记，不通知任何人。')
    await secretary.tap('登记会议')
    await secretary.confirm()
    await secretary.sees('地点：社区党群服务中心二楼')
    await secretary.sees('记录人：李春燕')
  })

  await t.test('a member asks for leave with one tap of a reason, the secretary agrees', async () => {
    await member.open('/meetings/calendar')
    await member.tap('年度工作大会')
    await member.tap('请假')
    await member.tap('提交请假')
    await member.sees('请选择一项')
    await member.tap('工作原因')
    await member.tap('提交请假')
    await member.sees('等待书记答复')
    await secretary.open('/pages/inbox')
    await secretary.tap('同意，王海涛')
    await secretary.leaveApp()
    await member.open('/meetings/calendar')
    await member.tap('年度工作大会')
    await member.sees('已同意')
    await looksRight(member)
  })

  await t.test('who comes after all types the digits that the recorder shows', async () => {
    await recorder.open('/meetings/calendar')
    await recorder.tap('年度工作大会')
    await recorder.tap(/^出示签到码/)
    await recorder.sees('每15秒自动更换')
    const digits = await recorder.page.getByLabel(/^签到数字/).textContent()
    await member.tap('用会场签到码登记')
    await member.write('会场显示的8位数字', digits.replace(/\D/g, ''))
    await member.tap('登记到会')
    await member.sees('已登记到会')
  })

  await t.test('the chair is warned while nothing can pass', async () => {
    await recorder.open('/meetings/calendar')
    await recorder.tap('年度工作大会')
    await recorder.sees('才能表决')
    await recorder.tap(/登记到会、请假和缺席/)
    await recorder.tap(/^其余\d+人都记为到会/)
    await recorder.sees(/^到会\d+/)
    await looksRight(recorder)
    await recorder.tap('保存名单')
    await recorder.seesNot('才能表决')
  })

  await t.test('a vote is recorded by its totals, taken out, and recorded right', async () => {
    await recorder.tap(/^登记表决/)
    await recorder.write('事项', '通过年度工作计划')
    await recorder.write('赞成', '99')
    await recorder.sees(/合计99票，超过了到会有表决权的\d+人/)
    await recorder.tap('登记表决')
    await recorder.sees('没有办理成功')
    recorder.problems.splice(0) // the browser itself reports the 422
    await recorder.write('赞成', '1')
    await recorder.sees(/其余按未投记录/)
    await recorder.tap('登记表决')
    await recorder.sees('未通过')
    await looksRight(recorder)
    await recorder.tap(/^撤销这项登记/)
    await recorder.tap('票数登记有误。')
    await recorder.tap('确定撤销')
    await recorder.sees('撤销原因：票数登记有误。')
  })

  await t.test('the secretary records whom an election leaves out, and takes it back', async () => {
    await secretary.open('/meetings/calendar')
    await secretary.tap('年度工作大会')
    await secretary.tap(/^选举应到人数/)
    await secretary.tap('登记')
    await secretary.sees('请选择情形')
    await secretary.write('人员：按姓名查找', '符秀英')
    await secretary.tap('符秀英')
    await secretary.tap('在国外半年以上')
    await secretary.write('上级同意的文件', '机关党委批复')
    await secretary.tap('已经党员大会通过')
    await secretary.tap('登记')
    await secretary.sees('不计入的人员')
    await looksRight(secretary)
    await secretary.tap(/^恢复计入/)
    await secretary.seesNot('不计入的人员')
  })

  await t.test('two write the minutes: the second is told, and loses nothing', async () => {
    await recorder.open('/meetings/calendar')
    await recorder.tap('年度工作大会')
    await recorder.tap(/^会议记录/)
    await recorder.tap('保存')
    await recorder.sees('请填写会议记录。')
    await secretary.open('/meetings/calendar')
    await secretary.tap('年度工作大会')
    await secretary.tap(/^会议记录/)
    await recorder.write('会议记录', '会议由书记主持。')
    await recorder.tap('保存')
    await recorder.sees('上次保存')
    await secretary.write('会议记录', '书记另写的一稿。')
    await secretary.tap('保存')
    await secretary.sees('另一位记录人保存了新的内容')
    secretary.problems.splice(0) // the browser itself reports the 412
    await secretary.sees('会议由书记主持。')
    await looksRight(secretary)
    await secretary.tap('用对方的')
    await secretary.confirm()
    await secretary.seesNot('另一位记录人')
  })

  await t.test('the secretary closes; the minutes are read by the branch and amended', async () => {
    await secretary.open('/meetings/calendar')
    await secretary.tap('年度工作大会')
    await secretary.tap('结束会议')
    await secretary.confirm()
    await secretary.sees('名单已封存')
    await looksRight(secretary)
    await secretary.tap(/^会议记录/)
    await secretary.write('补充说明', '会议地点为二楼会议室。')
    await secretary.tap('加入补充说明')
    await secretary.sees('补充说明1')
    await member.open('/meetings/calendar')
    await member.tap('年度工作大会')
    await member.sees('有表决权应到')
    await member.tap(/^会议记录/)
    await member.sees('会议由书记主持。')
    await member.sees('会议地点为二楼会议室。')
    await looksRight(member)
  })
  for (const person of [secretary, recorder, member]) await person.close()
})

test('the city allows votes online, with a reason that is kept', async () => {
  const city_ = await Person.open(browser, city.base, '韩雪松')
  await city_.tab('我的')
  await city_.tap(/^线上表决/)
  await city_.sees('默认不允许')
  await city_.tap('改为允许')
  await city_.tap('特殊时期，上级同意线上表决。')
  await city_.tap('确定更改')
  await city_.sees('允许线上会议表决')
  await looksRight(city_)
  await city_.close()
})
