import type { Choice, DeclaredField, Register, RegisterEntryBody, RegisterSlot, WholeRegisterEntry } from '@app/api'
import { blank, complaintOf, typedOf, wireOf, type Typed } from './declared'
import type { Needs } from './needs'
import { today } from './shanghai'

// One form for whatever a register declares.
export type Chosen = Pick<Choice, 'id' | 'name' | 'code'>
export type Target = RegisterSlot['slot'] | 'place' | 'parent'
/** From which day on what is written is so: from today, all along because it was wrong, or from another day. */
export type Since = 'today' | 'always' | 'day'
export interface Written {
  /** The one that was read; 0 of what is new. */
  revision: number
  name: string
  code: string
  /** The code that was read: one that was given by the system is not said again. */
  codeBefore: string
  chosen: Partial<Record<Target, Chosen>>
  typed: Record<string, Typed>
  since: Since
  /** The first day of what is changed. */
  began: string
  from: string
  until: string
  reason: string
  /** How often something was written that is to be sealed, which itself stays on no phone. */
  sealings: number
}

/** One thing that a form asks for. */
export type Part =
  | { kind: 'name' | 'code' | 'until' | 'from'; key: string }
  | { kind: 'choose'; key: string; target: Target; label: string; hint: string; required: boolean }
  | { kind: 'field'; key: string; field: DeclaredField }
export interface Fold {
  label: string
  parts: Part[]
}
/** What must be said stands in front; the rest under its heading, folded away. */
export interface Layout {
  first: Part[]
  folds: Fold[]
}

export const MORE = '更多（选填）'
/** Under which name the server takes and complains of something that is chosen. */
const WIRE = {
  place: 'place_code',
  parent: 'parent_id',
  organization: 'organization_id',
  unit: 'unit_id',
  member: 'member_id',
  area: 'area_code',
} as const
const CODED: readonly Target[] = ['place', 'area']
const asked = (register: Register) => register.fields.filter(field => !field.retired)
const single = (kind: 'name' | 'code' | 'until' | 'from'): Part => ({ kind, key: kind })
const fieldPart = (field: DeclaredField): Part => ({ kind: 'field', key: `values.${field.name}`, field })
const choose = (target: Target, label: string, hint: string, required: boolean): Part => ({
  kind: 'choose',
  key: WIRE[target],
  target,
  label,
  hint,
  required,
})

/** `changing`: since when a change is so is asked beside its reason, at the end. */
export function layoutOf(register: Register, changing = false): Layout {
  const { parent, slots, code, called, levels, until } = register
  const above = parent ? [choose('parent', parent.label, '', parent.required)] : []
  const pointing = slots.map(one => choose(one.slot, one.label, one.hint, one.required))
  const needed = (part: Part) => part.kind === 'choose' && part.required
  const fields = asked(register)
  // What is called by its code alone is told from others by nothing else.
  const codeFirst = code.required || called.of === 'code'
  const first = [
    ...(levels.length ? [choose('place', '所在区划', '', true)] : []),
    ...above.filter(needed),
    ...(called.of ? [] : [single('name')]),
    ...(codeFirst ? [single('code')] : []),
    ...pointing.filter(needed),
    ...fields.filter(field => field.required).map(fieldPart),
    ...(register.until_required ? [single('until')] : []),
  ]
  const optional = fields.filter(field => !field.required)
  const more = [
    ...[...above, ...pointing].filter(part => !needed(part)),
    ...optional.filter(field => !field.group).map(fieldPart),
    ...(codeFirst ? [] : [single('code')]),
    ...(until && !register.until_required ? [single('until')] : []),
    ...(changing ? [] : [single('from')]),
  ]
  const groups = [...new Set(optional.map(field => field.group))].filter(Boolean)
  const grouped = groups.map(group => ({
    label: group,
    parts: optional.filter(field => field.group === group).map(fieldPart),
  }))
  return { first, folds: [...grouped, { label: MORE, parts: more }].filter(fold => fold.parts.length) }
}

export const labelOf = (register: Register, part: Part): string => {
  if (part.kind === 'choose') return part.label
  if (part.kind === 'field') return part.field.label
  return { name: register.called.label, code: register.code.label, until: register.until_label, from: '从哪天起' }[
    part.kind
  ]
}

/** Whether something stands in it: what is filled is not folded away. */
export function isFilled(part: Part, written: Written): boolean {
  if (part.kind === 'choose') return Boolean(written.chosen[part.target])
  if (part.kind === 'field') return Boolean(written.typed[part.field.name]?.length)
  return part.kind !== 'from' && Boolean(written[part.kind])
}

export const nothing = (): Written => ({
  revision: 0,
  name: '',
  code: '',
  codeBefore: '',
  chosen: {},
  typed: {},
  since: 'today',
  began: '',
  from: today(),
  until: '',
  reason: '',
  sealings: 0,
})

/** A new entry. `again`: what the last one that was made had in fields that are offered again. */
export function freshEntry(register: Register, again: Record<string, Typed> = {}): Written {
  const own = register.places.length === 1 ? register.places[0] : undefined
  return {
    ...nothing(),
    chosen: own ? { place: { id: 0, code: own.code, name: own.name } } : {},
    typed: Object.fromEntries(
      open(register).map(field => [field.name, (field.again && again[field.name]) || blank(field)]),
    ),
  }
}
/** What is sealed is in no form before somebody writes it anew. */
const open = (register: Register) => asked(register).filter(field => !field.sealed)
export const sealedOf = (register: Register) => asked(register).filter(field => field.sealed)

/** What is offered again after an entry was made. */
export const againOf = (register: Register, { typed }: Written): Record<string, Typed> =>
  Object.fromEntries(
    open(register)
      .filter(field => field.again)
      .map(field => [field.name, typed[field.name] ?? blank(field)]),
  )

const coded = (area: { code: string; name: string } | null) => area && { id: 0, code: area.code, name: area.name }
const named = (one: { id: number; name: string } | null) => one && { id: one.id, code: null, name: one.name }

/** An entry that is to be changed. */
export function writtenOf(register: Register, entry: WholeRegisterEntry): Written {
  const { organization, unit, member, area, parent, place } = entry
  const chosen = {
    place: register.levels.length ? coded(place) : null,
    area: coded(area),
    parent: named(parent),
    organization: named(organization),
    unit: named(unit),
    member: named(member),
  }
  return {
    ...nothing(),
    revision: entry.revision,
    name: register.called.of ? '' : entry.name,
    code: entry.code,
    codeBefore: entry.code,
    chosen: Object.fromEntries(Object.entries(chosen).filter(([, one]) => one)),
    typed: Object.fromEntries(open(register).map(field => [field.name, typedOf(field, entry.values[field.name])])),
    began: entry.from,
    until: entry.until ?? '',
  }
}

/** What is still missing or wrong, by the names the server uses. `sealed`: what was typed of what is sealed. */
export function complaintsOf(register: Register, written: Written, sealed: Record<string, Typed>): Needs {
  const { first, folds } = layoutOf(register)
  const parts = [...first, ...folds.flatMap(fold => fold.parts)]
  return Object.fromEntries(
    parts.map(part => [part.key, complaintOfPart(register, part, written, sealed)] as [string, string | undefined]),
  )
}
function complaintOfPart(register: Register, part: Part, written: Written, sealed: Record<string, Typed>) {
  const label = labelOf(register, part)
  if (part.kind === 'choose') return part.required && !written.chosen[part.target] ? `请选择${label}。` : undefined
  if (part.kind === 'name') return written.name.trim() ? undefined : `请填写${label}。`
  if (part.kind === 'code') return register.code.required && !written.code.trim() ? `请填写${label}。` : undefined
  if (part.kind === 'until') return register.until_required && !written.until ? `请选择${label}。` : undefined
  if (part.kind === 'field') {
    const typed = part.field.sealed ? sealed : written.typed
    return complaintOf(part.field, typed[part.field.name] ?? blank(part.field))
  }
  return undefined
}

export function bodyOf(register: Register, written: Written, sealed: Record<string, Typed>): RegisterEntryBody {
  const said = open(register).map(field => [field.name, wireOf(field, written.typed[field.name] ?? blank(field))])
  // Of what is sealed, what nobody wrote anew stays.
  const anew = sealedOf(register)
    .map(field => [field.name, wireOf(field, sealed[field.name] ?? blank(field))])
    .filter(([, value]) => value !== null)
  return {
    values: Object.fromEntries([...said, ...anew]) as Record<string, unknown>,
    ...(register.called.of ? {} : { name: written.name.trim() }),
    ...codeOf(register, written),
    ...pointedOf(register, written),
    from: fromOf(written),
    ...(register.until ? { until: written.until || null } : {}),
    reason: written.reason.trim() || null,
  }
}
function codeOf(register: Register, { code, codeBefore }: Written): Partial<RegisterEntryBody> {
  const said = code.trim()
  return said && (register.code.required || said !== codeBefore) ? { code: said } : {}
}
export const fromOf = ({ revision, since, began, from }: Written) =>
  !revision || since === 'day' ? from : since === 'always' ? began : today()

function pointedOf(register: Register, { chosen }: Written): Partial<RegisterEntryBody> {
  const { first, folds } = layoutOf(register)
  const targets = [...first, ...folds.flatMap(fold => fold.parts)].flatMap(part =>
    part.kind === 'choose' ? [part.target] : [],
  )
  return Object.fromEntries(
    targets.map(target => [WIRE[target], (CODED.includes(target) ? chosen[target]?.code : chosen[target]?.id) ?? null]),
  )
}
