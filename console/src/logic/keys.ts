import { onBeforeUnmount, onMounted } from 'vue'
import { preferences } from '@/shell/preferences'

type Keys = Record<string, (event: KeyboardEvent) => void>
const TYPING =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=dialog], [role=menu]'

/**
 * Keys of a page. Single letters sleep while somebody types, while a dialog is open, and where the person switched
 * them off.
 */
export function useKeys(keys: Keys) {
  const listen = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const name = nameOf(event)
    const act = keys[name]
    if (!act) return
    const letter = !name.includes('+') && !['escape', 'enter', 'arrowup', 'arrowdown'].includes(name)
    if (letter && !preferences.letterKeys) return
    if (!name.startsWith('ctrl') && (event.target as Element).closest?.(TYPING)) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => addEventListener('keydown', listen))
  onBeforeUnmount(() => removeEventListener('keydown', listen))
}

/** By the key's place: with a Chinese input method on, `key` may be `Process`. */
function nameOf(event: KeyboardEvent): string {
  const base = event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : event.key.toLowerCase()
  const shifted = event.shiftKey && /^[a-z]$/.test(base)
  return `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${shifted ? 'shift+' : ''}${base}`
}
