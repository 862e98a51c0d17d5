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

  /** Whether nothing is missing. From now on each complaint goes as soon as it is put right. */
  function check(needs: () => Needs): boolean {
    asked.value = needs
    if (!Object.keys(missing.value).length) return true
    void board.comeToFirst()
    return false
  }
  const forget = () => { asked.value = undefined }
  const complaint = (field: string): string | undefined => complaints.value[field]
  return { check, forget, complaint, count, comeToFirst: board.comeToFirst }
}
