import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))
const API = fileURLToPath(new URL('../../packages/api/src/', import.meta.url))
const WORDS = fileURLToPath(new URL('../../packages/words/src/', import.meta.url))

function targetOf(from: string, name: string): string | undefined {
  const path = name.startsWith('@/') ? join(SRC, name.slice(2)) : name.startsWith('.') && join(dirname(from), name)
  if (!path || /\.(s?css|json|png)$/.test(path)) return undefined
  const found = [path, `${path}.ts`, join(path, 'index.ts')].find(one => /\.(ts|vue)$/.test(one) && existsSync(one))
  if (!found) throw new Error(`${from} imports ${name}, which is not there`)
  return found
}

/** What each file imports of ours, types as well. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const script = file.endsWith('.vue') ? text.slice(0, text.indexOf('<template>')).replace(/<\/?script.*>/g, '') : text
  return ts.preProcessFile(script).importedFiles.flatMap(one => targetOf(file, one.fileName) ?? [])
}

function circlesIn(graph: Map<string, string[]>): string[][] {
  const [done, circles] = [new Set<string>(), [] as string[][]]
  function visit(file: string, way: string[]) {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file])
    else if (!done.has(file)) for (const next of graph.get(file) ?? []) visit(next, [...way, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return circles
}

test('no file imports itself by way of others', () => {
  const files = [SRC, API, WORDS].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|vue)$/.test(name))
      .map(name => join(folder, name)),
  )
  const graph = new Map(files.map(file => [file, importsOf(file)]))
  expect([...graph.values()].flat().length).toBeGreaterThan(1000)
  expect(circlesIn(graph).map(circle => circle.map(file => relative(SRC, file)))).toEqual([])
})

test('a circle of any length is found', () => {
  const found = (...edges: [string, string[]][]) => circlesIn(new Map(edges))
  expect(found(['a', ['b', 'c']], ['b', ['d']], ['c', ['d']], ['d', []])).toEqual([])
  expect(found(['a', ['b']], ['b', ['c']], ['c', ['b']])).toEqual([['b', 'c', 'b']])
  expect(found(['a', ['a']])).toEqual([['a', 'a']])
})
