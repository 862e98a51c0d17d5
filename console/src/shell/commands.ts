import { computed, type Ref } from 'vue'
import { places } from './navigation'
import { nextDensity, nextTheme } from './preferences'

export interface Command {
  id: string
  text: string
  note?: string
  to?: string
  act?: () => void
}

const ACTIONS: readonly Command[] = [
  { id: 'theme', text: '切换明暗', act: nextTheme },
  { id: 'density', text: '切换行距', note: '紧凑 / 宽松', act: nextDensity },
]

/** The pages and actions that fit the words. */
export function useCommands(words: Ref<string>) {
  const fits = (one: Command) => one.text.includes(words.value.trim())
  const pages = computed(() =>
    places.value.map(one => ({ id: one.to, text: one.text, note: one.group, to: one.to })).filter(fits),
  )
  return computed(() =>
    [
      { name: '页面', commands: pages.value as Command[] },
      { name: '操作', commands: ACTIONS.filter(fits) },
    ].filter(group => group.commands.length),
  )
}
