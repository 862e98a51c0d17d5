// The branch's space: who sits where, what was held, what there is to read, and whom to ask after.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Caller } from './caller.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { Person } from './person.mjs'

let city, browser
before(async () => {
  browser = await openBrowser()
  city = await openCity()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

test('the secretary arranges the bodies, publishes and exempts; the member reads', async t => {
  const secretary = await Person.open(browser, city.base, '蔡文静')
  const member = await Person.open(browser, city.base, '李春燕')

  await t.test('a committee is arranged as a whole', async () => {
    await secretary.tap('网上支部')
    await secretary.tap('支委和党小组')
    await secretary.sees('支部委员会')
    await secretary.tap('调整支部委员会')
    await secretary.sees('支部书记以任命为准')
    await secretary.write('委员会成员：按姓名查找', '李春燕')
    await secretary.tap('李春燕')
    const row = secretary.page.getByRole('radiogroup', { name: '李春燕', exact: true })
    await secretary.tap('副书记', row)
    await secretary.tap('保存支部委员会')
    await secretary.sees('李春燕')
    await secretary.sees('副书记')
  })

  await t.test('a group is founded with its leader and members', async () => {
    await secretary.tap('设立党小组')
    await secretary.write('党小组名称', '宣传党小组')
    for (const name of ['陈丽华', '李春燕']) {
      await secretary.write('小组成员：按姓名查找', name)
      await secretary.tap(name)
    }
    const leaders = secretary.page.getByRole('radiogroup', { name: '组长', exact: true })
    await secretary.tap('李春燕', leaders)
    await secretary.tap('保存党小组')
    await secretary.sees('组长李春燕，2人')
  })

  await t.test('the branch sees its life period by period', async () => {
    await member.tap('网上支部')
    await member.tap('组织生活情况')
    await member.sees('党小组会 · 宣传党小组')
    await member.sees('《中国共产党党员教育管理工作条例》第十六条')
    assert.ok((await member.page.getByLabel(/^1月，/).count()) > 0)
    await member.open('/pages/home')
    await member.tap('落实“三会一课”')
    await member.sees('分项情况')
  })

  await t.test('material is published, read and withdrawn', async () => {
    await secretary.open('/branch/publish')
    await secretary.write('标题', '十一月学习材料')
    await secretary.write('正文', '第一段。\n第二段。')
    await secretary.tap('发布给支部党员')
    await secretary.sees('第二段。')
    await member.open('/branch/space')
    await member.tap('十一月学习材料')
    await member.sees('第一段。')
    await secretary.tap('撤回')
    await secretary.confirm()
    await member.open('/branch/materials')
    await member.sees('党员到社区报到服务指引')
    await member.seesNot('十一月学习材料')
  })

  await t.test('a member is exempted for a term, which is ended again', async () => {
    await secretary.open('/branch/space')
    await secretary.tap('免予要求')
    await secretary.tap('登记免予要求')
    await secretary.tap('体弱')
    await secretary.write('党员：按姓名查找', '李春燕')
    await secretary.tap('李春燕')
    await secretary.tap('登记')
    await secretary.sees(/^体弱 · /)
    await secretary.tap('李春燕')
    await secretary.confirm()
    await secretary.sees(/提前结束/)
  })

  await t.test('an electoral right is recorded, and nobody is asked why', async () => {
    await secretary.open('/branch/space')
    await secretary.tap('选举权登记')
    await secretary.tap('李春燕')
    await secretary.confirm()
    assert.equal(await secretary.found('李春燕').getAttribute('aria-checked'), 'false')
  })

  assert.deepEqual([...secretary.problems, ...member.problems], [])
  await Promise.all([secretary.close(), member.close()])
})

for (const look of [{ width: 320 }, { width: 390, dark: true }]) {
  test(`each page of the branch can be used at ${look.width} px${look.dark ? ' in the dark' : ''}`, async () => {
    const caller = await Caller.open(city.base, 'demo-branch-secretary')
    const branch = (await caller.get('/me')).branch.id
    const material = (await caller.get('/learning-materials')).items[0].id
    const group = (await caller.get(`/organizations/${branch}/groups`)).items[0].id
    const pages = {
      陈丽华: ['space', `life?branch=${branch}`, `bodies?branch=${branch}`, 'materials', `material?id=${material}`],
      蔡文静: [
        'space',
        `bodies?branch=${branch}`,
        `committee?branch=${branch}`,
        `group?branch=${branch}&id=${group}`,
        `rights?branch=${branch}`,
        `absences?branch=${branch}`,
        `exemptions?branch=${branch}`,
        `exempt?branch=${branch}`,
        'publish',
        `material?id=${material}`,
      ],
    }
    for (const [name, paths] of Object.entries(pages)) {
      const person = await Person.open(browser, city.base, name, look)
      for (const path of paths) {
        await person.open(`/branch/${path}`)
        assert.deepEqual(
          [path, await barriers(person.page), await hardToUse(person.page), await overflow(person.page)],
          [path, [], [], 0],
        )
        if (process.env.E2E_LOOK)
          await person.page.screenshot({
            path: `${process.env.E2E_LOOK}/${name}-${path.split('?')[0]}-${look.width}.png`,
            fullPage: true,
          })
      }
      await person.close()
    }
  })
}
