import { inject, provide, type InjectionKey, type Ref } from 'vue'

/** What every branch of the drawn tree must know: what is open, and where the one Tab stop is. */
export interface Tree {
  open: Ref<ReadonlySet<number>>
  at: Ref<string | undefined>
  toggle: (id: number) => void
}
const TREE: InjectionKey<Tree> = Symbol('tree')
export const provideTree = (tree: Tree) => provide(TREE, tree)
export const useTree = () => inject(TREE)!
