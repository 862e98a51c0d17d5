import ts from 'typescript'
import { expect, test } from 'vitest'
import * as activity from '@/logic/activity-plan'
import * as demand from '@/logic/demands'
import * as evaluation from '@/logic/evaluation'
import * as meeting from '@/logic/meeting-plan'
import { told, type Needs } from '@/logic/needs'
import * as project from '@/logic/project-plan'
import * as service from '@/logic/service-facts'
import * as triage from '@/logic/triage'
import * as units from '@/logic/units'
import * as vote from '@/logic/votes'
import { sources, tree, walk, type Source } from './sources'

const MOST = 4
/** What a fresh form of each kind still needs, by where its rules are kept. */
const FRESH: Record<string, () => Needs> = {
  '@/logic/activity-plan': () => activity.complaintsOf(activity.freshPlan()),
  '@/logic/appraisal': () => ({}), // as many as were there, unless said otherwise
  '@/logic/demands': () => demand.complaintsOf(demand.freshWanted()),
  '@/logic/evaluation': () => evaluation.complaintsOf(evaluation.freshVerdict()),
  '@/logic/meeting-plan': () => meeting.complaintsOf(meeting.freshPlan()),
  '@/logic/project-plan': () => project.complaintsOf(project.freshPlan()),
  '@/logic/register-form': () => ({}), // at most four, or the declaration is refused
  '@/logic/roll': () => ({}), // who came is marked where somebody did
  '@/logic/service-facts': () => service.complaintsOf(service.freshFacts()),
  '@/logic/service-facts on paper': () => service.complaintsOf(service.onPaper(service.freshFacts())),
  '@/logic/triage': () => triage.complaintsOf(triage.freshAnswer()),
  '@/logic/units': () => units.complaintsOf([units.freshOffer()]),
  '@/logic/votes': () => vote.complaintsOf(vote.freshVote('ordinary')),
}

/**
 * The names of all fields that a form may ask for before anything is filled in; a known value counts only where the
 * rules are shared.
 */
function asked(source: Source): string[] {
  const file = tree(source)
  const found: string[] = []
  const functions = new Map<string, ts.Expression>()
  const modules = new Map<string, string>()
  walk(file, node => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer))
      functions.set(node.name.getText(), node.initializer)
    if (ts.isImportDeclaration(node))
      walk(node, one => {
        if (ts.isImportSpecifier(one)) modules.set(one.name.text, (node.moduleSpecifier as ts.StringLiteral).text)
      })
  })
  function gather(expression: ts.Node): void {
    if (ts.isParenthesizedExpression(expression)) return gather(expression.expression)
    if (ts.isArrowFunction(expression)) return gather(expression.body)
    if (ts.isIdentifier(expression) && functions.has(expression.text)) return gather(functions.get(expression.text)!)
    if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse].forEach(gather)
    if (ts.isObjectLiteralExpression(expression))
      return expression.properties.forEach(one =>
        ts.isSpreadAssignment(one) ? gather(one.expression) : found.push(one.name!.getText()),
      )
    if (ts.isCallExpression(expression)) {
      const called = expression.expression.getText()
      const module = `${modules.get(called)}${expression.getText().includes('onPaper(') ? ' on paper' : ''}`
      if (!FRESH[module]) return gather(expression.expression)
      found.push(...Object.keys(told(FRESH[module]!())))
      return
    }
    throw new Error(`${source.name}: what does it need? ${expression.getText()}`)
  }
  walk(file, node => {
    if (ts.isCallExpression(node) && /^(\w+\.)?check$/.test(node.expression.getText())) gather(node.arguments[0]!)
  })
  return [...new Set(found)]
}

const forms = Object.fromEntries(
  sources.map(one => [one.name, asked(one)]).filter(([, fields]) => fields!.length),
) as Record<string, string[]>

test('no form asks for more than four things that are not known', () => {
  expect(Object.entries(forms).filter(([, fields]) => fields.length > MOST)).toEqual([])
})
test('and this is what the longest ask for', () => {
  expect(forms['volunteering/log']).toEqual(['content', 'category', 'community_code'])
  expect(forms['volunteering/slip']).toEqual(['name', 'phone', 'slip_no', 'category'])
  expect(forms['activities/plan']).toEqual(['title', 'category', 'content', 'place'])
  expect(forms['projects/publish']).toEqual(['title'])
  expect(forms['demands/raise']).toEqual(['community_code', 'title'])
  expect(forms['units/register']).toEqual(['receiver_code', 'plan'])
})
test('what a signed slip says already need not be written again', () => {
  const facts = { ...service.freshFacts(), category: 'care' as const }
  expect(service.wireOf(service.onPaper(facts)).content).toBe('关爱帮扶')
  expect(service.wireOf(service.onPaper({ ...facts, content: '帮厨' })).content).toBe('帮厨')
})
