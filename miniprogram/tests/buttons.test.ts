import { type DirectiveNode, type ElementNode, NodeTypes, type TemplateChildNode } from '@vue/compiler-core'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import { sources, tree, walk, type Source } from './sources'

/** Where a state still decides whether a button shows, and why the answer cannot say it. */
const BY_HAND: Record<string, string> = {
  'activities/activity': 'whom the activity takes only once registered is led there: for them nothing is open yet',
  'components/MeetingDesk': 'a meeting says no `can` (ADR 32)',
  'components/MyMeeting': 'a meeting says no `can` (ADR 32)',
  'meetings/attendance': 'a meeting says no `can` (ADR 32)',
  'meetings/change': 'a meeting says no `can` (ADR 32)',
  'meetings/check-in': 'a meeting says no `can` (ADR 32)',
  'meetings/minutes': 'a meeting says no `can` (ADR 32)',
  'registrations/mine': 'whoever stands nowhere registers anew, which is no step of what has ended',
  'volunteering/records': 'the details lie behind it, not a step',
}

const LOGIC = fileURLToPath(new URL('../src/logic/', import.meta.url))
const logic = readdirSync(LOGIC).map(name =>
  ts.createSourceFile(name, readFileSync(LOGIC + name, 'utf8'), ts.ScriptTarget.Latest, true),
)

/** What each name at the outermost of a script stands for, as it is written. */
function meanings(file: ts.SourceFile): [string, string][] {
  return file.statements.flatMap((one): [string, string][] => {
    if (ts.isFunctionDeclaration(one)) return [[one.name?.text ?? '', one.getText()]]
    if (!ts.isVariableStatement(one)) return []
    return one.declarationList.declarations.map(each => [each.name.getText(), each.initializer?.getText() ?? ''])
  })
}
const shared = logic.flatMap(meanings)

/** The names a script has, with those it takes from `logic/`. */
function known(source: Source): Map<string, string> {
  const file = tree(source)
  const taken = new Set<string>()
  walk(file, node => {
    if (ts.isImportSpecifier(node)) taken.add(node.name.text)
  })
  return new Map([...shared.filter(([name]) => taken.has(name)), ...meanings(file)])
}

/** Whether what is written asks for a state, itself or through the names it uses. */
function asksForState(text: string, names: Map<string, string>, seen = new Set<string>()): boolean {
  if (/\.status\b/.test(text)) return true
  return [...text.matchAll(/(?<![.\w'])[a-z]\w*/gi)].some(([name]) => {
    const meaning = names.get(name)
    if (meaning === undefined || seen.has(name)) return false
    return asksForState(meaning, names, seen.add(name))
  })
}

const directive = (node: ElementNode, name: string) =>
  node.props.find((prop): prop is DirectiveNode => prop.type === NodeTypes.DIRECTIVE && prop.name === name)
const written = (node: ElementNode, name: string) => directive(node, name)?.exp?.loc.source
const isButton = (node: ElementNode) =>
  node.props.some(prop => prop.type === NodeTypes.DIRECTIVE && prop.rawName === '@act')

/** The conditions under which each button of a template shows. */
function conditions(nodes: TemplateChildNode[], around: string[] = []): string[][] {
  let before: string[] = []
  return nodes.flatMap(node => {
    if (node.type !== NodeTypes.ELEMENT) return []
    const own = written(node, 'if') ?? written(node, 'else-if')
    before = directive(node, 'else') || directive(node, 'else-if') ? before : []
    const here = [...around, ...before, ...(own ? [own] : [])]
    if (own) before = [...before, own]
    return [...(isButton(node) ? [here] : []), ...conditions(node.children, here)]
  })
}

const buttons = sources.map(source => ({
  source,
  shown: conditions(parse(source.template).descriptor.template?.ast?.children ?? []),
}))

test('no button shows by the state of a thing: the answer says in `can` what may be done', () => {
  expect(buttons.flatMap(one => one.shown).length).toBeGreaterThan(100)
  const by = buttons.filter(({ source, shown }) => {
    const names = known(source)
    return shown.flat().some(condition => asksForState(condition, names))
  })
  expect(by.map(one => one.source.name)).toEqual(Object.keys(BY_HAND))
})
test('a state behind a name is found, too', () => {
  const names = new Map([
    ['may', 'computed(() => isLive(one))'],
    ['isLive', '(one: Claim) => !OVER.includes(one.status)'],
  ])
  expect([asksForState('may', names), asksForState("one.can.includes('may')", names)]).toEqual([true, false])
})
