import { computed, shallowRef } from 'vue'
import { told, type Needs } from '@/logic/needs'
import { useBoard } from './board'

/** What a form still needs. Its button is never dead: pressing it says what is missing and leads to the first of it. */
export function useChecks(answered: () => Record<string, string> | undefined = () => undefined) {
  const asked = shallowRef<() => Needs>()
  const board = useBoard()
  const missing = computed(() => told(asked.value?.() ?? {}))
  const complaints = computed(() => ({ ...answered(), ...missing.value }))
  const count = computed(() => Object.keys(complaints.value).length)
  const placed = new Set<string>()
  /** What the server says of something that no field shows: it is said beside the button. */
  const stray = computed(() =>
    Object.entries(complaints.value)
      .filter(([field]) => !placed.has(field))
      .map(([, text]) => text),
  )

  /** Whether nothing is missing. From now on each complaint goes as soon as it is put right. */
  function check(needs: () => Needs): boolean {
    asked.value = needs
    if (!Object.keys(missing.value).length) return true
    void board.comeToFirst()
    return false
  }
  const forget = () => {
    asked.value = undefined
  }
  function complaint(field: string): string | undefined {
    placed.add(field)
    return complaints.value[field]
  }
  return { check, forget, complaint, count, stray, comeToFirst: board.comeToFirst }
}
