import { defineStore } from 'pinia'

export interface Community {
  code: string
  name: string
}

/** The community somebody has just looked up for the page behind, which takes it away. */
export const useChosen = defineStore('chosen', { state: () => ({ community: undefined as Community | undefined }) })
