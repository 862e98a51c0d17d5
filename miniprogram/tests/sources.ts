import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

export interface Source {
  name: string
  script: string
  template: string
  style: string
}

/** Every page and component as it is written, by its name (`volunteering/log`). */
export const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.vue'))
  .sort()
  .map(name => {
    const text = readFileSync(SRC + name, 'utf8')
    const part = (start: RegExp, end: string) => {
      const from = start.exec(text)
      return from ? text.slice(from.index + from[0].length, text.indexOf(end, from.index)) : ''
    }
    const styled = text.indexOf('<style')
    return {
      name: name.slice(0, -'.vue'.length).replaceAll('\\', '/'),
      script: part(/<script[^>]*>/, '</script>'),
      template: text.slice(text.indexOf('<template>'), styled < 0 ? undefined : styled),
      style: part(/<style[^>]*>/, '</style>'),
    }
  })

export const tree = (source: Source) => ts.createSourceFile(source.name, source.script, ts.ScriptTarget.Latest, true)

export function walk(node: ts.Node, see: (node: ts.Node) => void) {
  see(node)
  node.forEachChild(child => walk(child, see))
}
