// A demand from a resident's first line to both sides' word on how it went, across roles and looks.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller, registered } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { day } from './moments.mjs'
import { Person } from './person.mjs'

const COMMUNITY = '460106003004'
const PROJECT = '为3号楼楼道加装扶手'
let city, browser
const people = {}
before(async () => {
  browser = await openBrowser()
  city = await openCity()
  for (const code of ['demo-member-4', 'demo-member-6']) await registered(city.base, code, COMMUNITY)
})
after(async () => {
  await browser?.close()
  await city?.close()
})

const come = async (name, look) => (people[name] ??= await Person.open(browser, city.base, name, look))

/** Whether what stands in front can be read and tapped; a picture of it where one is wanted. */
async function look(person, what) {
  await person.settle()
  const sheet = await person.page.getByRole('dialog').filter({ visible: true }).count()
  if (process.env.E2E_PICTURES)
    await person.page.screenshot({ path: `${process.env.E2E_PICTURES}/${what}.png`, fullPage: !sheet })
  const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
  if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
  assert.deepEqual(wrong, [], what)
}
async function decide(person, button, ...then) {
  await person.open('/pages/inbox')
  await person.tap(button)
  for (const words of then) await person.tap(words, person.page.getByRole('dialog').filter({ visible: true }))
  await person.leaveApp()
}
async function projects(person, state) {
  await person.open('/projects/list')
  await person.tap('我的社区')
  await person.tap(state)
}
async function largeType(person) {
  await person.tab('我的')
  await person.tap('大字显示')
  await person.page.getByRole('checkbox', { name: /大字显示/, checked: true }).waitFor()
}

test('a demand becomes a project, is claimed, queued for, done and evaluated', async t => {
  const resident = await come('何晓晴')
  const secretary = await come('冯建军', { dark: true })
  const street = await come('梁慧敏')
  const first = await come('吴清明', { width: 320 })
  const second = await come('林志强', { width: 320 })
  await largeType(second)

  await t.test('a resident who stands in no roster brings it, first as a draft', async () => {
    await resident.tap('我是社区居民')
    await look(resident, 'resident-home')
    await resident.tap('向社区提出需求')
    await resident.tap('提交')
    await resident.sees('请用一句话写明需要什么。')
    await resident.sees('请选择社区。')
    await resident.tap(/^社区：/)
    await resident.write('社区名称', '国贸')
    await resident.tap('国贸社区居民委员会')
    await resident.write('需要什么', '楼道加装扶手')
    await resident.write('详细说明', '3号楼老人多，请打13812345678。')
    await look(resident, 'resident-raise')
    await resident.tap('先存草稿')
    await resident.sees('文字中好像有手机号码')
    await resident.write('详细说明', '3号楼老人多，上下楼没有扶手。')
    await resident.tap('先存草稿')
    await resident.sees('还没有提交，可以修改。')
    await look(resident, 'resident-draft')
    await resident.tap('修改')
    await resident.write('需要什么', '楼道加装扶手，两侧都要')
    await resident.tap('提交')
    await resident.sees('等待社区办理')
    resident.problems.splice(0) // the browser itself reports the 422
  })
  await t.test('there is no dead end for who has no member', async () => {
    for (const path of ['/pages/inbox', '/pages/mine', '/demands/mine', '/demands/list', '/demands/resources']) {
      await resident.open(path)
      await look(resident, `resident${path.replaceAll('/', '-')}`)
      assert.doesNotMatch(await resident.text(), /没有办成|出了点问题|重新加载/)
    }
    await resident.open('/pages/mine')
    await resident.tab('首页')
    await resident.sees('核对党员身份')
    await resident.tap('消息')
    await resident.sees('还没有消息')
    assert.doesNotMatch(await resident.text(), /没有办成|出了点问题|重新加载/)
  })

  await t.test('the secretary writes it anew, accepts it and publishes the list', async () => {
    await secretary.open('/pages/inbox')
    await look(secretary, 'secretary-inbox')
    await secretary.tap('办理，楼道加装扶手，两侧都要')
    for (const way of ['合并办理', '转办', '不受理']) {
      await secretary.tap(way)
      await look(secretary, `secretary-triage-${way}`)
    }
    await secretary.tap('受理')
    await secretary.write('公布的标题', '3号楼楼道加装扶手')
    await look(secretary, 'secretary-triage-accept')
    await secretary.tap('确认受理')
    await secretary.leaveApp()
    await secretary.open(`/demands/list?code=${COMMUNITY}&state=submitted`)
    await secretary.tap('待公布')
    await secretary.sees('3号楼楼道加装扶手')
    await look(secretary, 'secretary-list')
    await secretary.tap(/^公布清单（\d+项待公布）/)
    await secretary.confirm()
    await secretary.sees('年第')
    await secretary.tap('已公布')
    await secretary.tap(/^3号楼楼道加装扶手/)
    await secretary.sees('原来的标题')
    await look(secretary, 'secretary-demand')
    await secretary.open(`/demands/list?code=${COMMUNITY}&state=published`)
    await secretary.tap(/^\d+年第\d+版/)
    await secretary.sees('显示的是各项需求今天的办理情况。')
    await look(secretary, 'secretary-published')
    await secretary.tap(/^3号楼楼道加装扶手/)
  })
  await t.test('and publishes a project for it that has a risk, which the street sends back once', async () => {
    await secretary.tap('为它发布项目')
    await secretary.write('要做什么', PROJECT)
    await secretary.tap(/^更多选项/)
    await secretary.tap('有一定风险')
    await secretary.tap('提交街道审核')
    await secretary.sees('请写明保险情况')
    await look(secretary, 'secretary-publish')
    await secretary.write('保险情况', '施工方已投保')
    await secretary.tap('提交街道审核')
    await secretary.sees('街道审核中')
    await street.open('/pages/inbox')
    await look(street, 'street-inbox')
    await decide(street, `退回社区，${PROJECT}`, '请先落实保险，并写明保险情况。', '退回社区')
    await projects(secretary, '未公布')
    await secretary.tap(PROJECT)
    await secretary.sees('街道退回：请先落实保险，并写明保险情况。')
    await look(secretary, 'secretary-project-returned')
    await secretary.tap('修改')
    await secretary.write('保险情况', '施工方已投保第三者责任险')
    await secretary.tap('提交街道审核')
    await secretary.sees('街道审核中')
    await decide(street, `同意公布，${PROJECT}`)
    await resident.open('/demands/mine')
    await resident.sees('已对接项目')
  })

  await t.test('one claims, another waits and moves up when the first withdraws', async () => {
    await projects(first, '可认领')
    await look(first, 'member-projects')
    await first.tap(PROJECT)
    await look(first, 'member-project')
    await first.tap('我来认领')
    await first.sees('等待社区答复')
    await projects(second, '可候补')
    await second.tap(PROJECT)
    await second.sees('名额已满')
    await look(second, 'large-project-full')
    await second.tap('排队候补')
    await second.sees('排队第1位')
    await look(second, 'large-claims-waiting')
    await first.tap(`撤回，${PROJECT}`)
    await first.confirm()
    await first.sees('已撤回')
    await second.open('/projects/claims')
    await second.sees('等待社区答复')
  })
  await t.test('it is accepted, begun, delivered, asked more about, delivered again and taken over', async () => {
    await decide(secretary, '同意，林志强')
    await second.open('/projects/claims')
    await second.sees('前点“开始”')
    await look(second, 'large-claims-accepted')
    await second.tap(`开始，${PROJECT}`)
    await second.tap(`提交完成情况，${PROJECT}`)
    await second.write('完成了什么', '装了一侧扶手')
    await second.tap('提交给社区验收')
    await decide(secretary, '请补充，林志强', '还有一部分没有完成，请继续。', '请补充')
    await second.open('/projects/claims')
    await second.sees('社区请您补充：还有一部分没有完成，请继续。')
    await second.tap(`提交完成情况，${PROJECT}`)
    await second.sees('社区请您补充')
    await look(second, 'large-deliver')
    await second.write('完成了什么', '两侧扶手都已装好')
    await second.tap('提交给社区验收')
    await projects(secretary, '开展中')
    await secretary.tap(PROJECT)
    await secretary.sees('等待验收')
    await look(secretary, 'secretary-project')
    await decide(secretary, '验收，林志强', '已解决', '满意', '完成验收')
  })
  await t.test('both sides say how it went: of the project, and of the demand', async () => {
    await second.open('/projects/claims')
    await second.sees('社区评价：问题已解决，居民满意')
    await second.tap(`评价项目，${PROJECT}`)
    await look(second, 'large-evaluation')
    await second.tap('提交评价')
    await second.sees('还有2处需要填写或改正') // nobody says beforehand how it went
    await second.tap('已解决')
    await second.tap('满意')
    await second.write('补充说明', '材料准备得很好')
    await second.tap('提交评价')
    await second.sees('认领方评价：问题已解决，满意，材料准备得很好')
    await resident.open('/demands/mine')
    await resident.sees('已解决')
    await resident.tap(/^3号楼楼道加装扶手/)
    await resident.tap('评价办理结果')
    await resident.tap('已解决')
    await resident.tap('不满意')
    await resident.tap('提交评价')
    await resident.sees('问题已解决，不满意')
    await look(resident, 'resident-demand')
    await projects(secretary, '全部')
    await secretary.tap(PROJECT)
    await secretary.sees('认领方评价：问题已解决，满意')
    await look(secretary, 'secretary-project-done')
  })
  for (const person of Object.values(people)) await person.close()
})

test('what cannot be done says why, and a second demand is merged, another declined', async () => {
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  // Nobody decides about what he entered himself.
  const visitor = await Caller.open(city.base, 'demo-member-8')
  const bring = async (title, more = {}) =>
    (await visitor.post('/demands', { community_code: COMMUNITY, title, ...more })).id
  const target = await bring('小区增设晾衣架')
  await keeper.post(`/demands/${target}/triage`, { decision: 'accept' })
  await bring('楼下要有晾衣的地方')
  await bring('请修邻市的桥')
  await bring('一副老花镜', { kind: 'micro_wish', beneficiary_code: 'H0012' })
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open('/pages/inbox')
  await secretary.sees('编号H0012')
  await secretary.tap('办理，楼下要有晾衣的地方')
  await secretary.tap('合并办理')
  await secretary.tap('小区增设晾衣架')
  await secretary.tap('确认合并办理')
  await secretary.tap('办理，请修邻市的桥')
  await secretary.tap('不受理')
  await secretary.tap('确认不受理')
  await secretary.sees('请写明原因，对方会看到。')
  await secretary.tap('不属于社区服务范围，请联系有关部门。')
  await secretary.tap('确认不受理')
  await secretary.leaveApp()
  await secretary.open(`/demands/list?code=${COMMUNITY}&state=ended`)
  await secretary.tap(/^请修邻市的桥/)
  await secretary.sees('社区未受理：不属于社区服务范围，请联系有关部门。')
  await secretary.open(`/demands/demand?id=${target}`)
  await secretary.sees('另有1项同类需求')
  await secretary.tap('办结')
  const sheet = secretary.page.getByRole('dialog').filter({ visible: true })
  await secretary.tap('无法解决', sheet)
  await secretary.tap('超出社区能力，已向提出人说明。', sheet)
  await secretary.tap('办结', sheet)
  await secretary.sees('暂时无法解决')
  await secretary.close()
})

test('units and grid workers bring demands; a project is reviewed on its page, given up and cancelled', async () => {
  const keeper = await Caller.open(city.base, 'demo-community-secretary')
  const sheet = person => person.page.getByRole('dialog').filter({ visible: true })
  const contact = await Person.open(browser, city.base, '曾志远', { width: 320 })
  await contact.open('/demands/raise')
  await contact.tap(/^社区：/)
  await contact.write('社区名称', '国贸')
  await contact.tap('国贸社区居民委员会')
  await contact.write('需要什么', '组织居民参观单位')
  await contact.tap('选择日期')
  await contact.tap('代表单位提出')
  await contact.tap('提交')
  await contact.sees('等待社区办理')
  await contact.sees('希望完成')
  await look(contact, 'contact-demand')
  const demand = (await keeper.get('/demands?decidable=true')).items.find(one => one.title === '组织居民参观单位')
  assert.equal(demand.unit.name, '海口市城市服务示范局')
  await keeper.post(`/demands/${demand.id}/triage`, { decision: 'accept' })
  await keeper.post('/demand-lists', { community_code: COMMUNITY })

  const plan = (title, more) => ({
    community_code: COMMUNITY,
    title,
    places: 2,
    starts_on: day(),
    ends_on: day(30),
    claim_deadline: `${day(20)}T18:00:00+08:00`,
    ...more,
  })
  const drawn = async (title, more) => {
    const { id } = await keeper.post('/projects', plan(title, more))
    await keeper.post(`/projects/${id}/opening`)
    return id
  }
  const own = await drawn('参观日', { demand_id: demand.id })
  await contact.open(`/projects/project?id=${own}`)
  await contact.tap('为单位认领')
  await contact.sees('这是本单位提出的需求')
  contact.problems.splice(0) // the browser itself reports the 409
  const secretary = await Person.open(browser, city.base, '冯建军')
  await secretary.open(`/projects/project?id=${own}`)
  await secretary.tap('取消项目')
  await secretary.tap('时间另行安排。', sheet(secretary))
  await secretary.tap('取消项目', sheet(secretary))
  await secretary.sees('社区说明：时间另行安排。')
  await look(secretary, 'secretary-project-cancelled')

  const risky = await drawn('修剪高枝', { risk: 'high', insurance_note: '已投保', funded: true })
  const street = await Person.open(browser, city.base, '梁慧敏')
  await street.open(`/projects/project?id=${risky}`)
  await street.sees('款项不经过本系统')
  await look(street, 'street-project')
  await street.tap('同意公布')
  await street.sees('可认领')
  const member = await registered(city.base, 'demo-member-7', COMMUNITY)
  const claim = await member.post(`/projects/${risky}/claims`, {})
  await keeper.post(`/claims/${claim.id}/acceptance`)
  await member.post(`/claims/${claim.id}/start`)
  await secretary.open(`/projects/project?id=${risky}`)
  await secretary.tap('确认未能完成，黄小梅')
  await secretary.tap('到期没有开展，已与认领方联系。', sheet(secretary))
  await secretary.tap('确认未能完成', sheet(secretary))
  await secretary.sees('未能完成：到期没有开展，已与认领方联系。')

  const walker = await Person.open(browser, city.base, '郑国栋')
  await walker.tap('提出需求')
  await walker.tap('微心愿')
  await walker.write('需要什么', '一台收音机')
  await walker.write('对象编号', 'hh02')
  await look(walker, 'walker-raise')
  await walker.tap('提交')
  await walker.sees('HH02')
  for (const person of [contact, secretary, street, walker]) await person.close()
})
