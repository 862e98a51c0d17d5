import type { DeclaredField, Duty, Register, WholeRegisterEntry } from '@app/api'
import { expect, test } from 'vitest'
import { nextStep } from '@/logic/next-step'
import { told } from '@/logic/needs'
import {
  againOf,
  bodyOf,
  complaintsOf,
  freshEntry,
  isFilled,
  labelOf,
  layoutOf,
  MORE,
  writtenOf,
} from '@/logic/register-form'
import { changesOf, factsOf, historyOf, missingOf, reviewOf, spanOf, stateOf, underMeasures } from '@/logic/registers'
import { plusDays, today } from '@/logic/shanghai'

const field = (name: string, label: string, more: Partial<DeclaredField> = {}): DeclaredField => ({
  name,
  label,
  type: 'text',
  required: false,
  choices: {},
  most: 100,
  least: 0,
  example: '',
  columns: [],
  group: '',
  hint: '',
  again: false,
  sealed: false,
  retired: false,
  ...more,
})
const grid: Register = {
  name: 'grid',
  title: '网格',
  noun: '网格',
  counts: '计入第七条。',
  serves: ['7a', '12b'],
  person: false,
  version: 1,
  levels: ['community'],
  may_enter: true,
  standing: 1,
  places: [{ code: '460106003004', name: '国贸社区', reviewed_on: null }],
  called: { label: '网格名称', of: '', most: 60, example: '第一网格', hint: '', person: false },
  code: { label: '网格编号', required: false, example: '', hint: '' },
  parent: null,
  slots: [
    { slot: 'organization', label: '党组织', required: false, hint: '', kinds: [], levels: [] },
    { slot: 'unit', label: '物业', required: true, hint: '', kinds: [], levels: [] },
  ],
  fields: [
    field('households', '户数', { type: 'number', most: 20000 }),
    field('kind', '类别', { type: 'choice', choices: { a: '甲', b: '乙' }, required: true, again: true }),
    field('old', '旧项', { retired: true }),
    field('hours', '开放时间', { group: '开放' }),
    field('head', '户主', { sealed: true }),
  ],
  until: true,
  until_label: '任期至',
  until_required: false,
  schema: {},
}
const said = {
  from: '2026-01-01',
  until: null,
  name: '第一网格',
  place: { code: '460106003004', name: '国贸社区' },
  organization: null,
  unit: { id: 5, name: '物业公司', ended: true },
  member: null,
  area: null,
  values: { households: 300, kind: 'a' } as Record<string, unknown>,
}
const entry: WholeRegisterEntry = {
  ...said,
  id: 3,
  register: 'grid',
  status: 'standing',
  can: ['change'],
  code: 'WG000003',
  parent: null,
  sealed: true,
  revision: 4,
  end_reason: null,
  void_reason: null,
  history: [],
}
const labels = (parts: Parameters<typeof labelOf>[1][]) => parts.map(part => labelOf(grid, part))

test('what must be said stands in front, the rest under its headings; what is retired is not asked for', () => {
  const { first, folds } = layoutOf(grid)
  expect(labels(first)).toEqual(['所在区划', '网格名称', '物业', '类别'])
  expect(folds.map(fold => [fold.label, labels(fold.parts)])).toEqual([
    ['开放', ['开放时间']],
    [MORE, ['党组织', '户数', '户主', '网格编号', '任期至', '从哪天起']],
  ])
})
test('what is called by its code alone is asked for that in front', () => {
  const nameless = { ...grid, called: { ...grid.called, of: 'code' } }
  expect(layoutOf(nameless).first.map(part => part.key)).toContain('code')
})
test('of a change it is asked beside its reason since when it is so', () => {
  const { folds } = layoutOf(grid, true)
  expect(labels(folds.flatMap(fold => fold.parts))).not.toContain('从哪天起')
})
test('a last day that is required is asked for in front, and missed', () => {
  const yearly = { ...grid, until_required: true }
  expect(layoutOf(yearly).first.at(-1)?.key).toBe('until')
  expect(told(complaintsOf(yearly, freshEntry(yearly), {})).until).toBe('请选择任期至。')
})
test('a fresh entry knows the one place it can lie in, and says by the server’s names what is missing', () => {
  const fresh = freshEntry(grid)
  expect(fresh.chosen.place?.name).toBe('国贸社区')
  expect(told(complaintsOf(grid, fresh, {}))).toEqual({
    name: '请填写网格名称。',
    unit_id: '请选择物业。',
    'values.kind': '请选择类别。',
  })
})
test('fields that are offered again have what the last entry had', () => {
  const again = againOf(grid, { ...freshEntry(grid), typed: { kind: 'b', households: '7' } })
  expect(again).toEqual({ kind: 'b' })
  expect(freshEntry(grid, again).typed).toMatchObject({ kind: 'b', households: '' })
})
test('an entry that is read and saved again says the same, and nothing of what is sealed or was given to it', () => {
  const written = writtenOf(grid, entry)
  expect(bodyOf(grid, { ...written, since: 'always' }, {})).toEqual({
    name: '第一网格',
    place_code: '460106003004',
    organization_id: null,
    unit_id: 5,
    values: { households: 300, kind: 'a', hours: null },
    from: '2026-01-01',
    until: null,
    reason: null,
  })
  expect(bodyOf(grid, written, { head: '某某' })).toMatchObject({ from: today(), values: { head: '某某' } })
  expect(bodyOf(grid, { ...written, code: 'A-1' }, {}).code).toBe('A-1')
})
test('what is filled is not folded away', () => {
  const written = writtenOf(grid, entry)
  const [opening, more] = layoutOf(grid).folds.map(fold => fold.parts.some(part => isFilled(part, written)))
  expect([opening, more]).toEqual([false, true])
})

test('an entry reads in its groups; what has ended is said so, what is missing named', () => {
  expect(factsOf(grid, entry)).toEqual([
    {
      title: '',
      facts: [
        { label: '所在区划', lines: ['国贸社区'] },
        { label: '物业', lines: ['物业公司'], ended: '该单位已注销，不再计入，请重新选择。' },
        { label: '户数', lines: ['300'], link: undefined },
        { label: '类别', lines: ['甲'], link: undefined },
      ],
    },
  ])
  expect(missingOf(grid, entry)).toBe('还没有填写：党组织、开放时间。')
  expect(stateOf(entry).text).toBe('有效')
  expect(stateOf({ status: 'standing', from: plusDays(today(), 1) }).text).toBe('尚未开始')
  expect(spanOf({ from: '2020-01-01', until: '2020-12-31' })).toBe('2020年1月1日至2020年12月31日')
})
test('the history says what changed, when and why; what was corrected stays', () => {
  const first = { ...said, reason: null, recorded_at: '2026-01-02T09:00:00+08:00', superseded: true }
  const second = {
    ...first,
    values: { households: 420, kind: 'a' },
    reason: '数错了',
    recorded_at: '2026-03-02T09:00:00+08:00',
    superseded: false,
  }
  expect(changesOf(grid, second, first)).toBe('户数：300改为420')
  const [last, begin] = historyOf(grid, { ...entry, history: [first, second] })
  expect([last!.label, begin!.label]).toEqual(['修改', '登记（后又更正）'])
  expect(last!.note).toMatch(/户数：300改为420；说明：数错了$/)
  expect(historyOf(grid, { ...entry, status: 'voided', void_reason: '误登', history: [first] })[0]!.label).toBe(
    '作废：误登',
  )
})
test('registers stand under the measures they count for first', () => {
  expect(underMeasures([{ ...grid, serves: ['12b', '7a'] }, grid]).map(one => one.name)).toEqual(['第七条'])
  expect(underMeasures([grid])[0]!.registers).toEqual([grid])
  expect(reviewOf(grid)).toBe('还没有核对')
  expect(reviewOf({ places: [] })).toBeUndefined()
})
test('a duty whose step is a register leads there, by the name the server says', () => {
  const duty = { verdict: 'overdue', checks: [], subject: { kind: 'area', code: '460106003004' } } as unknown as Duty
  expect(nextStep({ ...duty, next_step: 'registers.some_name' }, undefined)).toEqual({
    action: '去登记',
    url: '/registers/list?register=some_name&code=460106003004',
  })
  expect(nextStep({ ...duty, next_step: 'registers.open' }, undefined).url).toBe('/registers/all')
})
