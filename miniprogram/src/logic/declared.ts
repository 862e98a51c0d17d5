import type { DeclaredColumn, DeclaredField } from '@app/api'
import { shortDay } from './shanghai'

// A field of a declared kind: what is typed into it, what is sent of that, and how what is stored reads.
type Row = Record<string, string>
/** What stands in a field before it is sent: text, the names that are chosen, or rows of text. */
export type Typed = string | string[] | Row[]
export type Plain = Pick<DeclaredColumn, 'name' | 'label' | 'type' | 'required' | 'choices' | 'most' | 'example'>
export type Declared = Plain & Partial<Pick<DeclaredField, 'columns' | 'least'>>

const YES_NO = { yes: '是', no: '否' } as const
const WHOLE = /^-?\d{1,15}$/
const DECIMAL = /^-?\d{1,15}(\.\d+)?$/
const CHOSEN = ['choice', 'choices', 'date', 'month', 'flag']

/** What may be chosen, in words; a flag is answered by yes or no, or not at all. */
export const optionsOf = (field: Plain): Record<string, string> =>
  field.type === 'flag' ? YES_NO : (field.choices as Record<string, string>)

export const isChosen = (field: Plain) => CHOSEN.includes(field.type)

export const blank = (field: Plain): Typed => (field.type === 'choices' || field.type === 'rows' ? [] : '')

/** What stands in a form for what is stored. */
export function typedOf(field: Declared, value: unknown): Typed {
  if (value === undefined || value === null) return blank(field)
  switch (field.type) {
    case 'lines':
      return (value as string[]).join('\n')
    case 'choices':
      return [...(value as string[])]
    case 'rows':
      return (value as Record<string, unknown>[]).map(row => rowOf(field, row))
    case 'flag':
      return value === true ? 'yes' : 'no'
    default:
      return String(value)
  }
}
const rowOf = (field: Declared, row: Record<string, unknown>): Row =>
  Object.fromEntries((field.columns ?? []).map(column => [column.name, typedOf(column, row[column.name]) as string]))

export const freshRow = (field: Declared): Row => rowOf(field, {})

/** What is sent; null where nothing is said. What cannot be read goes as it is: the server says what is wrong. */
export function wireOf(field: Declared, typed: Typed): unknown {
  if (field.type === 'rows') return rowsOf(field, typed as Row[])
  if (typeof typed !== 'string') return typed.length ? typed : null
  const text = typed.trim()
  if (!text) return null
  switch (field.type) {
    case 'number':
      return WHOLE.test(text) ? Number(text) : text
    case 'hours':
      return DECIMAL.test(text) ? Number(text) : text
    case 'lines':
      return linesOf(text)
    case 'flag':
      return text === 'yes'
    default:
      return text
  }
}
export const linesOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)

/** A row in which nothing is written is none. */
function rowsOf(field: Declared, typed: Row[]) {
  const rows = typed.map(row =>
    Object.fromEntries(
      (field.columns ?? [])
        .map(column => [column.name, wireOf(column, row[column.name] ?? '')] as const)
        .filter(([, value]) => value !== null),
    ),
  )
  const filled = rows.filter(row => Object.keys(row).length)
  return filled.length ? filled : null
}

/** What is wrong with what was typed, as far as a form can tell. */
export function complaintOf(field: Declared, typed: Typed): string | undefined {
  const value = wireOf(field, typed)
  if (value === null) return field.required ? `请${isChosen(field) ? '选择' : '填写'}${field.label}。` : undefined
  if (field.type === 'rows') return wrongRow(field, typed as Row[])
  if (typeof value === 'string' && ['number', 'hours'].includes(field.type))
    return `${field.label}应为${field.type === 'number' ? '整数' : '数字'}。`
  if (field.type === 'money' && !DECIMAL.test(value as string)) return `${field.label}应为数字。`
  return outOfBounds(field, value)
}

function outOfBounds(field: Declared, value: unknown): string | undefined {
  const least = field.least ?? 0
  if (['number', 'hours', 'money'].includes(field.type)) {
    const number = Number(value)
    return number < least || number > field.most ? `${field.label}应在 ${least} 至 ${field.most} 之间。` : undefined
  }
  if (field.type === 'link' && !/^https?:\/\/\S+$/.test(value as string))
    return `${field.label}应为网址，以 https:// 开头。`
  if (field.type === 'lines' && (value as string[]).length > field.most) return `${field.label}最多 ${field.most} 条。`
  return undefined
}

function wrongRow(field: Declared, rows: Row[]): string | undefined {
  for (const [index, row] of rows.entries()) {
    if (!Object.values(row).some(Boolean)) continue
    for (const column of field.columns ?? []) {
      const wrong = complaintOf(column, row[column.name] ?? '')
      if (wrong) return `第${index + 1}行：${wrong}`
    }
  }
  return undefined
}

const parted = (money: string) => money.replace(/\.00$/, '').replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** How a stored value reads, one line each; none where there is nothing. */
export function wordsOf(field: Declared, value: unknown): string[] {
  if (value === undefined || value === null) return []
  switch (field.type) {
    case 'choice':
    case 'flag':
      return [optionsOf(field)[field.type === 'flag' ? (value ? 'yes' : 'no') : String(value)] ?? String(value)]
    case 'choices':
      return [(value as string[]).map(one => optionsOf(field)[one] ?? one).join('、')]
    case 'lines':
      return value as string[]
    case 'rows':
      return (value as Record<string, unknown>[]).map(row =>
        (field.columns ?? []).flatMap(column => wordsOf(column, row[column.name])).join('，'),
      )
    case 'date':
      return [shortDay(value as string)]
    case 'month':
      return [`${(value as string).slice(0, 4)}年${Number((value as string).slice(5))}月`]
    case 'money':
      return [parted(value as string)]
    default:
      return [String(value)]
  }
}
