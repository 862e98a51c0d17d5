import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { sources } from './sources'

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const [TEXT, SHAPE] = [4.5, 3] // WCAG 2.1, 1.4.3 and 1.4.11
const app = sources.find(one => one.name === 'App')!
type Tokens = Record<string, string>
const tokensOf = (css: string): Tokens =>
  Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name!, colour!]))
const [day = '', night = ''] = [...app.style.matchAll(/page \{([^}]*)\}/g)].map(([, block]) => block!)
const LOOKS: [string, Tokens][] = [
  ['by day', tokensOf(day)],
  ['in the dark', { ...tokensOf(day), ...tokensOf(night) }],
]

function light(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(at => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(one => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(one: string, other: string): number {
  const [more = 0, less = 0] = [light(one), light(other)].sort((a, b) => b - a)
  return (more + 0.05) / (less + 0.05)
}
const weak = (pairs: [string, string][], tokens: Tokens, least: number) =>
  pairs.filter(([one, other]) => contrast(tokens[one]!, tokens[other]!) < least).map(pair => pair.join(' on '))
const each = (inks: string[], grounds: string[]) =>
  inks.flatMap(ink => grounds.map((ground): [string, string] => [ink, ground]))

/** What is written together in one rule of a page is seen together. */
const rules = sources.flatMap(one =>
  [...one.style.matchAll(/\{([^{}]*)\}/g)].flatMap(([, rule = '']) => {
    const ground = /background(?:-color)?: var\(--([\w-]+)\)/.exec(rule)?.[1]
    const ink = /(?:^|[\s;])color: var\(--([\w-]+)\)/.exec(rule)?.[1]
    return ground && ink ? [[ink, ground] as [string, string]] : []
  }),
)

describe.each(LOOKS)('%s', (_, tokens) => {
  test('words can be read on whatever they stand on', () => {
    expect(rules.length).toBeGreaterThan(20)
    expect(weak(rules, tokens, TEXT)).toEqual([])
    expect(
      weak(each(['ink', 'ink-2', 'red-text', 'green-text', 'amber-text'], ['paper', 'card', 'sunken']), tokens, TEXT),
    ).toEqual([])
  })
  test('the edge of a field, the ring around what the keyboard is at and a bar can be seen', () => {
    expect(
      weak(each(['edge', 'bar'], ['paper', 'card', 'sunken', 'red-soft', 'amber-soft', 'green-soft']), tokens, SHAPE),
    ).toEqual([])
  })
})

test("the platform's own bars are of the same colours and can be read", () => {
  const theme = JSON.parse(read('../src/theme.json')) as Record<string, Tokens>
  for (const [look, tokens] of [
    ['light', LOOKS[0]![1]],
    ['dark', LOOKS[1]![1]],
  ] as const) {
    const bars = theme[look]!
    expect(bars).toMatchObject({ bar: tokens.card, paper: tokens.paper })
    for (const colour of [bars.tab!, bars.tabOn!]) expect(contrast(colour, bars.bar!)).toBeGreaterThanOrEqual(TEXT)
  }
})
test("the page for wrong addresses, which stands alone, has the app's colours", () => {
  const lost = read('../../miniprogram_api/lost.html')
  const [own = '', dark = ''] = [...lost.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block!)
  for (const [css, [, tokens]] of [
    [own, LOOKS[0]!],
    [dark, LOOKS[1]!],
  ] as const) {
    const { note, ...same } = tokensOf(css)
    expect(tokens).toMatchObject({ ...same, 'ink-2': note })
  }
})
test('colours are named once', () => {
  const elsewhere = sources.filter(one => one !== app && /#[0-9a-f]{3,8}\b/i.test(one.style)).map(one => one.name)
  expect(elsewhere).toEqual(['components/RotatingCode']) // a code is read by machines, on white
})

const FINAL = /不能恢复|不能再|不再修改|不能撤回|立即生效|即为已确认/
const LARGE = 17
const onOneLine = (call: string) => call.replace(/\s+/g, ' ')
test('what cannot be taken back is said in 17 px, in a question or beside the button', () => {
  const lines = sources.flatMap(one =>
    `${one.script.replace(/confirm\(\n[^]*?\n\s*\)/g, onOneLine)}\n${one.template}`
      .split('\n')
      .map(line => `${one.name}: ${line.trim().replace(/ hint="[^"]*"/g, '')}`),
  )
  const said = lines.filter(line => FINAL.test(line))
  expect(said.length).toBeGreaterThan(6)
  expect(said.filter(line => !/confirm\(|warning(=|: )|<WarningNote/.test(line))).toEqual([])
  const sizeOf = (name: string, rule: string) =>
    Number(
      new RegExp(`\\.${rule} \\{[^}]*@include type\\((\\d+)`).exec(sources.find(one => one.name === name)!.style)?.[1],
    )
  for (const [name, rule] of [
    ['components/WarningNote', 'warning'],
    ['components/AskBox', 'text'],
    ['components/UndoBar', 'left'],
  ] as const) {
    expect([name, sizeOf(name, rule)]).toEqual([name, LARGE])
  }
})
test("questions are asked in the house's own box, days and times chosen on its own sheets", () => {
  expect(
    sources
      .filter(one => /uni\.show(Modal|ActionSheet)|<picker\b|<picker-view\b/.test(one.script + one.template))
      .map(one => one.name),
  ).toEqual([])
})
test('large type reaches the title and the tabs, and the ring goes round the field as it is drawn', () => {
  for (const part of ['uni-page-head__title', 'uni-tabbar__label'])
    expect(app.style).toMatch(new RegExp(`\\.${part} \\{\\s*font-size: calc\\([^;]*var\\(--type`))
  expect(app.style).toMatch(/uni-input:focus-within,\s+uni-textarea:focus-within \{\s*outline: 3px solid var\(--edge\)/)
  expect(sources.find(one => one.name === 'components/TextInput')!.style).toMatch(/\.input \{[^}]*border-radius: 10px/)
})
