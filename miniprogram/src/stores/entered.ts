import { defineStore } from 'pinia'
import type { Typed } from '@/logic/declared'

/** What the last entry of each register had in fields that a form offers again: as long as the app is open. */
export const useEntered = defineStore('entered', {
  state: () => ({ last: {} as Record<string, Record<string, Typed>> }),
})
