import { type ElementNode, NodeTypes, type TemplateChildNode } from '@vue/compiler-core'
import { expect, test } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import { sources, type Source } from './sources'

const elements = (nodes: TemplateChildNode[]) =>
  nodes.filter((node): node is ElementNode => node.type === NodeTypes.ELEMENT)
const contents = ({ template }: Source) => elements(parse(template).descriptor.template?.ast?.children ?? [])

/** The classes of what a component consists of at the outermost, which a page's own styles reach. */
function rootClasses(source: Source): string[] {
  return contents(source).flatMap(root =>
    root.props.flatMap(prop => {
      if (prop.type === NodeTypes.ATTRIBUTE)
        return prop.name === 'class' ? (prop.value?.content.split(/\s+/) ?? []) : []
      const bound = prop.name === 'bind' && prop.rawName === ':class' && prop.exp?.loc.source
      return bound ? [...bound.matchAll(/'([\w-]+)'|(\w+):/g)].map(([, text, key]) => (text ?? key)!) : []
    }),
  )
}
const styled = ({ style }: Source) => [...style.matchAll(/\.([a-z][\w-]*)(?=[^{};]*\{)/g)].map(([, name]) => name!)
const used = ({ template }: Source) => new Set([...template.matchAll(/<([A-Z]\w+)/g)].map(([, name]) => name!))

const roots = new Map(
  sources
    .filter(one => one.name.startsWith('components/'))
    .map(one => [one.name.slice('components/'.length), rootClasses(one)]),
)

test('what a page styles is never the look of a component it uses: scoped styles reach its outermost element', () => {
  expect([...roots.values()].flat().length).toBeGreaterThan(40)
  const reached = sources.flatMap(one =>
    [...used(one)].flatMap(name =>
      styled(one)
        .filter(own => roots.get(name)?.includes(own))
        .map(own => `${one.name} styles .${own} of ${name}`),
    ),
  )
  expect([...new Set(reached)]).toEqual([])
})
