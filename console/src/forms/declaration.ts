/** What a form asks, as data: the page that shows it knows no field by name. */
export interface Choice {
  value: string
  text: string
}
export interface Field {
  name: string
  label: string
  /** `find` is chosen among many by typing a part of the name. */
  type: 'text' | 'secret' | 'long_text' | 'date' | 'choice' | 'find'
  required?: boolean
  hint?: string
  max?: number
  /** What the browser may fill in. */
  fill?: string
  options?: readonly Choice[]
  find?: (words: string) => Promise<Choice[]>
  /** What is chosen already, in words. */
  shown?: string | undefined
}
export type Values = Record<string, string | null>

/** One thing that can be done, with what must be said for it. */
export interface Act {
  /** Its name in `can`. */
  step: string
  title: string
  /** What follows of it. */
  note: string
  fields: readonly Field[]
  start?: Values
  send: (said: Values) => Promise<unknown>
}

export const REASON: Field = {
  name: 'reason',
  label: '依据',
  type: 'text',
  required: true,
  max: 200,
  hint: '如文件名称和文号。不要写个人情况。',
}

/** What is wrong with each field, by its name. The server has the last word, under the same names. */
export function complaints(fields: readonly Field[], values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { name, label, required, max, type } of fields) {
    const value = (values[name] ?? '').trim()
    if (value === '') {
      if (required) found[name] = `请${type === 'choice' || type === 'find' ? '选择' : '填写'}${label}。`
    } else if (max && value.length > max) found[name] = `${label}最多${max}字，现在有${value.length}字。`
  }
  return found
}

/** What is sent: without blanks around it, and null where nothing is said. */
export const said = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(fields.map(({ name }) => [name, (values[name] ?? '').trim() || null]))

/** A number that a field holds as text. */
export const id = (value: string | null | undefined) => (value ? Number(value) : null)
