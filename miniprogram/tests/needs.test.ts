import { expect, test } from 'vitest'
import { sources } from './sources'

/** Fields in which nothing is compulsory: they are optional, or hold what is known. */
const NOTHING_COMPULSORY = [
  'branch/committee',
  'meetings/attendance',
  'pages/member-link',
  'registrations/contact',
  'registrations/offer',
]

const named = (wanted: (one: (typeof sources)[number]) => boolean) => sources.filter(wanted).map(one => one.name)
const checks = (script: string) => /\bcheck\(/.test(script)

test('no button is dead because something is missing', () => {
  expect(named(one => /<(ActionButton|SaveBar)[^>]*\bdisabled/.test(one.template))).toEqual([])
})
test('whatever has fields and a button says what is missing', () => {
  const asks = named(
    one =>
      /<(?!Search)\w+Fields?\b/.test(one.template) &&
      /<(ActionButton|SaveBar)/.test(one.template) &&
      one.script.includes('api.') &&
      !checks(one.script),
  )
  expect(asks).toEqual(NOTHING_COMPULSORY)
})
test('and how many there are', () => {
  // At a check-in, and for the code of a computer, there is one field, right above its button.
  const one_field = ['account/console', ...named(one => one.name.endsWith('/check-in'))]
  expect(
    named(one => checks(one.script) && !one_field.includes(one.name) && !/<(MissingCount|SaveBar)/.test(one.template)),
  ).toEqual([])
})
test('every complaint a page knows stands beside a field, so that it can be gone to', () => {
  const told = (one: (typeof sources)[number]) =>
    [...one.script.matchAll(/\bcheck\(\(\) => \(\{([^}]*)\}\)/g)].flatMap(([, body = '']) =>
      [...body.matchAll(/(?:^|,)\s*(\w+):/g)].map(([, key]) => key!),
    )
  const silent = sources.flatMap(one =>
    told(one)
      .filter(key => !one.template.includes(`complaint('${key}')`))
      .map(key => `${one.name}: ${key}`),
  )
  expect(silent).toEqual([])
})
