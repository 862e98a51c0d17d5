import { ApiError, NoAnswer } from '@app/api'
import { expect, test } from 'vitest'
import { inOrder } from '@/logic/choices'
import { besides, pageProblemOf, problemOf } from '@/logic/problems'
import { sources } from './sources'

const named = (name: string) => sources.find(one => one.name === name)!
/** What stands at the end of a sheet, which does not scroll away. */
const endOf = (template: string) => /<template #end>([\s\S]*?)<\/template>/.exec(template)?.[1] ?? ''

test('what a sheet asks may scroll; its warning, what is missing and its button stay in reach', () => {
  const asking = sources.filter(one => /<BottomSheet\b/.test(one.template) && /<MissingCount\b/.test(one.template))
  expect(asking.length).toBeGreaterThan(6)
  for (const { name, template } of asking) {
    const end = endOf(template)
    expect([name, end.match(/<MissingCount\b/g)?.length, end.match(/<ActionButton\b/g)?.length]).toEqual([name, 1, 1])
    expect([name, /<WarningNote\b/.test(template.replace(end, ''))]).toEqual([name, false])
  }
  for (const name of ['components/MarkSheet', 'components/TimeSheet']) {
    expect(endOf(named(name).template)).toContain('<ActionButton')
  }
  expect(named('components/BottomSheet').style).toMatch(/\.body \{[^}]*overflow-y: auto/)
  expect(named('components/BottomSheet').style).toMatch(/\.end \{\s*flex: none/)
})

test('whoever ends, cancels or voids something is told first what follows', () => {
  const sheets = sources.flatMap(one => [...one.template.matchAll(/<ReasonSheet\b[\s\S]*?\/>/g)].map(([tag]) => tag))
  const ending = sheets.filter(tag => /title="[^"]*(取消|结束|作废|撤销|办结)/.test(tag))
  expect(ending.length).toBeGreaterThan(6)
  expect(ending.filter(tag => !/ warning="/.test(tag))).toEqual([])
})

test('so is whoever is asked once more: the question says what follows, not only the deed again', () => {
  const asked = sources.flatMap(one => [...one.script.matchAll(/confirm\(\s*'([^']*)',\s*(['`])([\s\S]*?)\2/g)])
  const ending = asked.filter(([, title]) => /^(结束|撤回|撤销|退出|取消|用)/.test(title!))
  expect(ending.length).toBeGreaterThan(7)
  expect(ending.filter(([, , , text]) => !text!.includes('。')).map(([, title]) => title)).toEqual([])
})

test('what can be chosen about minutes that two wrote stays in reach', () => {
  const bars = [...named('meetings/minutes').template.matchAll(/<SaveBar\b[\s\S]*?(?:\/>|<\/SaveBar>)/g)].map(String)
  expect(bars.filter(bar => /用我的/.test(bar) && /用对方的/.test(bar))).toHaveLength(1)
})

test('nobody and everywhere stand first among people and districts, whose keys are numbers', () => {
  expect(inOrder({ '': '全市', 460106: '龙华区', 460105: '秀英区' }).map(([, text]) => text)).toEqual([
    '全市',
    '秀英区',
    '龙华区',
  ])
  expect(inOrder({ yes: '满意', no: '不满意' })).toEqual([
    ['yes', '满意'],
    ['no', '不满意'],
  ])
})

test('a page that is not there leads home; one that could not be reached is tried again', () => {
  const refusal = (status: number) => pageProblemOf(new ApiError(status, 'x', '没有找到该党支部。', {}))
  expect([404, 403, 429, 500].map(status => refusal(status).final ?? false)).toEqual([true, true, false, false])
  expect(pageProblemOf(new NoAnswer()).final ?? false).toBe(false)
})

test('a form whose fields say what is wrong says it once; any other refusal stands beside its button', () => {
  const refusal = (code: string, text: string) =>
    problemOf(new ApiError(422, code, text, { title: '请删去手机号码。' }))
  expect(besides(refusal('unprocessable_entity', '提交的内容有误，请按提示修改。'), 1)).toBeUndefined()
  expect(besides(refusal('unprocessable_entity', '提交的内容有误，请按提示修改。'), 0)).toBeDefined()
  expect(besides(refusal('invalid_input', '票数超过到会人数。'), 1)).toBeDefined()
  expect(besides(problemOf(new NoAnswer()), 1)).toBeDefined()
  expect(besides(undefined, 1)).toBeUndefined()
  expect(named('components/SaveBar').script).toMatch(/besides\(props\.form\.problem\.value/)
})

test("toasts of a browser are in the house's colours and grow with the type", () => {
  const { style } = named('App')
  const toast = /uni-simple-toast__text \{([^}]*)\}/.exec(style)?.[1] ?? ''
  expect(toast).toMatch(/background: var\(--ink\);\s*color: var\(--paper\)/)
  expect(toast).toMatch(/font-size: calc\(17px[^;]*var\(--type/)
  expect(style.match(/uni-toast,\n.*\n\s*page \{\n\s*--paper/g)).toHaveLength(2) // by day and in the dark
})
