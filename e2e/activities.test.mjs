// An activity of a community: published, signed up for, waited for, checked in at, and written down.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
const HOUR_MS = 3600_000
const moment = hours => new Date(Date.now() + hours * HOUR_MS).toISOString()

let city, browser, keeper
const members = {}
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  keeper = await Caller.open(city.base, 'demo-community-secretary')
  for (const code of ['demo-member', 'demo-member-2', 'demo-member-3'])
    members[code] = await registered(city.base, code, COMMUNITY)
})
after(async () => {
  await browser?.close()
  await city?.close()
})

/** Draw up and publish an activity that begins in so many hours and lasts two. */
async function activity(title, hours, more = {}) {
  const plan = {
    community_code: COMMUNITY,
    title,
    category: 'care',
    content: '两人一组上门',
    place: '社区党群服务中心',
    ...more,
  }
  const { id } = await keeper.post('/activities', {
    shifts: [{ starts_at: moment(hours), ends_at: moment(hours + 2), places: 1 }],
    ...plan,
  })
  await keeper.post(`/activities/${id}/publication`)
  return id
}

test('the secretary publishes an activity of a unit in two shifts; what is missing stands by the field', async () => {
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.tap('发布志愿服务活动')
  await secretary.tap(/^更多选项/)
  await secretary.tap('有一定风险')
  await secretary.tap('发布，开始报名')
  await secretary.sees('请写活动名称。')
  await secretary.sees('有风险的活动，请先写明怎样投保。')
  await secretary.write('活动名称', '台风后清理')
  await secretary.tap('环境整治')
  await secretary.write('做什么', '清理断枝和积水')
  await secretary.write('地点', '国贸花园北门')
  await secretary.write('保险', '社区统一投保意外险')
  await secretary.tap('组织单位：由社区组织')
  await secretary.write('单位名称', '没有这个单位')
  await secretary.sees('没有找到，请换个写法。')
  await secretary.write('单位名称', '城市服务')
  await secretary.tap('海口市城市服务示范局')
  await secretary.sees('海口市城市服务示范局')
  await secretary.tap('加一个班次')
  await secretary.write('第2班名额', '0')
  await secretary.tap('发布，开始报名')
  await secretary.sees('名额请填写1到999之间的整数。')
  await secretary.write('第2班名额', '4')
  await secretary.tap('发布，开始报名')
  await secretary.sees('台风后清理')
  await secretary.sees('可报名')
  await secretary.sees('4个名额，还有4个')
  await secretary.sees('国贸社区居民委员会、海口市城市服务示范局')
  await secretary.close()
})

test('who comes too late waits, moves up as soon as somebody leaves, and is told', async () => {
  const id = await activity('看望独居老人', 72)
  const first = await Person.open(browser, city.base, '陈丽华')
  await first.tap('志愿服务活动')
  await first.tap('看望独居老人')
  await first.tap(/^报名/)
  await first.sees('已报名')
  const second = await Person.open(browser, city.base, '王海涛')
  await second.open(`/activities/activity?id=${id}`)
  await second.sees('名额已满，可候补')
  await second.tap(/^排队候补/)
  await second.sees('您排在候补第1位')

  await first.tap(/^退出报名/)
  await first.confirm()
  await first.sees('名额已满，可候补')
  await second.open('/pages/inbox')
  await second.tap(/候补已转为报名/)
  await second.sees('已报名')
  await second.open('/activities/mine')
  await second.sees('看望独居老人')
  for (const person of [first, second]) await person.close()
})

test('an overlap is asked about; whoever means it is signed up', async () => {
  await members['demo-member'].post(`/activities/${await activity('清洁家园', 120)}/sign-ups`, {})
  const id = await activity('文艺演出', 121)
  const member = await Person.open(browser, city.base, '陈丽华')
  await member.open(`/activities/activity?id=${id}`)
  await member.tap(/^报名/)
  await member.page.getByText('确实能参加吗').waitFor()
  await member.confirm()
  await member.sees('已报名')
  member.problems.splice(0) // the browser itself reports the 409
  await member.close()
})

test('a change and a cancellation reach whoever signed up, and lead to the activity', async () => {
  const id = await activity('义诊', 96)
  await members['demo-member-3'].post(`/activities/${id}/sign-ups`, {})
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open(`/activities/activity?id=${id}`)
  await secretary.tap('修改活动')
  await secretary.write('地点', '文化广场')
  await secretary.tap('保存')
  await secretary.sees('文化广场')
  await secretary.tap('取消活动')
  await secretary.tap('天气原因，活动取消。')
  await secretary.tap('取消活动', secretary.page.getByRole('dialog'))
  await secretary.sees('活动已取消：天气原因，活动取消。')
  const member = await Person.open(browser, city.base, '符秀英')
  await member.open('/pages/inbox')
  await member.sees('活动安排有变动')
  await member.tap(/活动取消/)
  await member.sees('活动已取消：天气原因，活动取消。')
  for (const person of [secretary, member]) await person.close()
})

test('the digits at the venue prefill the list; the list makes the record, with whoever came instead', async () => {
  const id = await activity('小区清扫', -1, { shifts: [{ starts_at: moment(-1), ends_at: moment(1), places: 5 }] })
  for (const code of ['demo-member', 'demo-member-2'])
    await members[code].post(`/activities/${id}/sign-ups`, { override_clash: true })
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open(`/activities/code?id=${id}`)
  const digits = (await secretary.page.locator('.digits').innerText()).replace(/\s/g, '')
  const member = await Person.open(browser, city.base, '陈丽华')
  await member.open(`/activities/activity?id=${id}`)
  await member.tap(/^签到$/)
  await member.write('现场显示的8位数字', '00000000')
  await member.tap(/^签到$/)
  await member.sees('签到码不正确')
  await member.write('现场显示的8位数字', digits)
  await member.tap(/^签到$/)
  await member.sees(/已签到（/)
  await member.seesNot('请输入现场显示的8位数字。') // nobody has asked for the digits of leaving yet
  member.problems.splice(0) // the browser itself reports the 422

  await secretary.open(`/activities/attendance?id=${id}`)
  await secretary.tap(/^陈丽华，.*到场$/)
  await secretary.write('陈丽华的服务分钟数', '0')
  await secretary.tap(/^好/)
  await secretary.tap('保存名单')
  await secretary.sees('请核对陈丽华的服务分钟数。')
  await secretary.write('陈丽华的服务分钟数', '60')
  await secretary.tap(/^好/)
  await secretary.tap(/^王海涛，未登记/)
  await secretary.tap('未到')
  await secretary.sees('到场1 · 未到1')
  await secretary.tap('添加到场的人')
  await secretary.write('姓名', '符秀英')
  await secretary.tap('王海涛', secretary.page.getByRole('dialog'))
  await secretary.tap('登记为到场')
  await secretary.sees('代王海涛参加')
  await secretary.tap('保存名单')
  await secretary.sees('冯建军，您好')
  const found = async code =>
    (await members[code].get('/me/service-records')).items
      .filter(one => one.content === '小区清扫')
      .map(one => [one.status, one.duration_min])
  assert.deepEqual(await found('demo-member'), [['confirmed', 60]])
  assert.deepEqual(await found('demo-member-2'), [])
  assert.deepEqual(await found('demo-member-3'), [['confirmed', 120]])
  for (const person of [secretary, member]) await person.close()
})

test('what is missing after the time for it is entered by the street, which says why', async () => {
  const past = (await keeper.get(`/activities?community_code=${COMMUNITY}&status=finished&limit=50`)).items
  const { id } = past.find(one => one.starts_at < day(-40))
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open(`/activities/attendance?id=${id}`)
  await secretary.sees('登记时间已过')
  const street = await Person.open(browser, city.base, '梁慧敏')
  await street.open(`/activities/activity?id=${id}`)
  await street.tap('补录到场名单')
  await street.write('补录原因', '社区停电，纸质名单后补')
  await street.tap('打开名单')
  await street.tap('添加到场的人')
  await street.write('姓名', '王海涛')
  await street.tap('登记为到场')
  await street.sees('未报名到场')
  await street.tap('保存名单')
  for (const person of [secretary, street]) await person.close()
})
