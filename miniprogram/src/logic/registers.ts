import type { Appointment, Register, RegisterEntry, RegisterVersion, WholeRegisterEntry } from '@app/api'
import { wordsOf } from './declared'
import { measureName } from './duty-rules'
import { shortDay, today } from './shanghai'
import type { Step } from './timeline'
import { REGISTER_ENTRY, NOT_YET, type Word } from './words'

type Slot = 'organization' | 'unit' | 'member'
const SLOTS: readonly Slot[] = ['organization', 'unit', 'member']
/** Whose office has to do with registers at all; which of them the server says. */
const OFFICES: readonly Appointment['role'][] = [
  'community_secretary',
  'street_officer',
  'district_officer',
  'city_officer',
  'unit_contact',
  'grid_worker',
]
export const hasRegisters = (held: readonly Appointment[]) => held.some(one => OFFICES.includes(one.role))

const measureOf = (register: Pick<Register, 'serves'>) => Math.min(...register.serves.map(rule => parseInt(rule, 10)))

/** Registers under the measures they count for first, in the order of the notice. */
export function underMeasures(registers: readonly Register[]) {
  const found = new Map<string, Register[]>()
  for (const one of registers) {
    const name = measureName(measureOf(one))
    found.set(name, [...(found.get(name) ?? []), one])
  }
  return [...found].map(([name, below]) => ({ name, registers: below }))
}

/** When a register of all places one keeps was looked through; undefined where none is one's own to look through. */
export function reviewOf({ places }: Pick<Register, 'places'>): string | undefined {
  if (!places.length) return undefined
  const days = places.map(one => one.reviewed_on)
  if (days.some(one => !one)) return '还没有核对'
  return `${shortDay([...(days as string[])].sort()[0]!)}核对`
}
export const isReviewed = ({ places }: Pick<Register, 'places'>) => places.every(one => one.reviewed_on)

export interface Fact {
  label: string
  lines: string[]
  /** Why it counts for nothing any more. */
  ended?: string
  link?: string
}
export interface FactGroup {
  title: string
  facts: Fact[]
}
type Shown = Pick<RegisterEntry, 'name' | 'place' | 'organization' | 'unit' | 'member' | 'area' | 'values'>
type Listed = Shown & Partial<Pick<RegisterEntry, 'parent' | 'code' | 'from' | 'until'>>

const ENDED: Record<Slot, string> = {
  organization: '该党组织已撤销，不再计入，请重新选择。',
  unit: '该单位已注销，不再计入，请重新选择。',
  member: '本人已不在名册，不再计入，请重新选择。',
}

/** To what an entry points, by the labels its register gives that. */
function pointing(register: Register, entry: Listed): Fact[] {
  const parent = register.parent && entry.parent ? [{ label: register.parent.label, lines: [entry.parent.name] }] : []
  const slots = register.slots.flatMap(({ slot, label }): Fact[] => {
    if (slot === 'area') return entry.area ? [{ label, lines: [entry.area.name] }] : []
    const target = entry[slot]
    return target ? [{ label, lines: [target.name], ended: target.ended ? ENDED[slot] : undefined }] : []
  })
  return [...parent, ...slots]
}

/** What an entry says, in the groups of its register; what is empty is left out. */
export function factsOf(register: Register, entry: Listed): FactGroup[] {
  const where: Fact[] = [{ label: '所在区划', lines: [entry.place.name] }, ...pointing(register, entry)]
  const fields = register.fields.map(field => ({ field, lines: wordsOf(field, entry.values[field.name]) }))
  const inGroup = (group: string): Fact[] =>
    fields
      .filter(({ field, lines }) => field.group === group && lines.length)
      .map(({ field, lines }) => ({
        label: field.label,
        lines,
        link: field.type === 'link' ? String(entry.values[field.name]) : undefined,
      }))
  const groups = [...new Set(register.fields.map(field => field.group))].filter(Boolean)
  return [
    { title: '', facts: [...where, ...inGroup('')] },
    ...groups.map(title => ({ title, facts: inGroup(title) })),
  ].filter(group => group.facts.length)
}

/** What could be said of an entry and is not: `还没有填写：户数、下沉的服务。` */
export function missingOf(register: Register, entry: RegisterEntry): string {
  const slots = register.slots.filter(({ slot }) => !entry[slot]).map(one => one.label)
  const fields = register.fields
    .filter(field => !field.retired && !field.sealed && !wordsOf(field, entry.values[field.name]).length)
    .map(field => field.label)
  const labels = [...slots, ...fields]
  return labels.length ? `还没有填写：${labels.join('、')}。` : ''
}

/** `2026年1月1日起` or `2026年1月1日至12月31日`. */
export const spanOf = ({ from, until }: { from: string; until: string | null }) =>
  until ? `${shortDay(from)}至${shortDay(until)}` : `${shortDay(from)}起`

/** How an entry stands today, in a word. */
export const stateOf = ({ status, from }: Pick<RegisterEntry, 'status' | 'from'>): Word =>
  status === 'standing' && from > today() ? NOT_YET : REGISTER_ENTRY[status]

/** What a line of a list says of an entry beside its name. */
export function lineOf(register: Register, entry: RegisterEntry, showPlace: boolean): string {
  const first = register.fields.find(field => field.type === 'choice' && !field.sealed)
  const kind = first && register.called.of !== first.name ? wordsOf(first, entry.values[first.name])[0] : undefined
  const code = entry.code === entry.name ? '' : entry.code
  return [showPlace ? entry.place.name : '', entry.parent?.name, kind, code].filter(Boolean).join(' · ')
}

export const hasEnded = (entry: Shown) => SLOTS.some(slot => entry[slot]?.ended)

const SHORT = 14
const textOf = (fact: Fact | undefined) => fact?.lines.join('；') ?? '无'
const flat = (register: Register, version: Listed) => factsOf(register, version).flatMap(group => group.facts)

/** What is different between two versions: `户数：300改为420`; of long texts only that. */
export function changesOf(register: Register, after: RegisterVersion, before: RegisterVersion): string {
  const [now, then] = [flat(register, after), flat(register, before)]
  const labels = [...new Set([...then, ...now].map(fact => fact.label))]
  const changed = labels.flatMap(label => {
    const [was, is] = [then, now].map(facts => textOf(facts.find(fact => fact.label === label)))
    if (was === is) return []
    return was!.length + is!.length > SHORT * 2 ? [`${label}有修改`] : [`${label}：${was}改为${is}`]
  })
  const named = after.name === before.name ? [] : [`名称：${before.name}改为${after.name}`]
  return [...named, ...changed].join('；')
}

/** All that was ever written of an entry, the last first. */
export function historyOf(register: Register, entry: WholeRegisterEntry): Step[] {
  const written = [...entry.history].sort((a, b) => (a.recorded_at < b.recorded_at ? -1 : 1))
  const steps = written.map((version, index): Step => {
    const before = written[index - 1]
    const changes = before ? changesOf(register, version, before) : ''
    return {
      label: before
        ? version.superseded
          ? '修改（后又更正）'
          : '修改'
        : version.superseded
          ? '登记（后又更正）'
          : '登记',
      state: version.superseded ? 'stopped' : 'done',
      when: spanOf(version),
      note: [`${shortDay(version.recorded_at)}填写`, changes, version.reason && `说明：${version.reason}`]
        .filter(Boolean)
        .join('；'),
    }
  })
  const over =
    entry.status === 'voided' ? `作废：${entry.void_reason}` : entry.end_reason && `结束：${entry.end_reason}`
  return [...(over ? [{ label: over, state: 'stopped' as const }] : []), ...steps.reverse()]
}
