import { defineStore } from 'pinia'

/** A question before something that cannot be taken back. The buttons say what they do. */
export interface Question {
  title: string
  content: string
  yes: string
  no: string
}

// Not in the state: a screen is given words.
let answered: ((yes: boolean) => void) | undefined

export const useAsking = defineStore('asking', {
  state: () => ({ question: undefined as Question | undefined }),
  actions: {
    /** Of two questions at once the first counts as refused. */
    ask(question: Question): Promise<boolean> {
      this.answer(false)
      this.question = question
      return new Promise(resolve => {
        answered = resolve
      })
    },
    answer(yes: boolean) {
      const tell = answered
      answered = undefined
      this.question = undefined
      tell?.(yes)
    },
  },
})
