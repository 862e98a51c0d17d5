// The compiled package is right, and the check would notice what is not.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { origin } from './origin.mjs'

const { check } = createRequire(import.meta.url)('./package-check.cjs')
const BUILT = fileURLToPath(new URL('../../miniprogram/dist/build/mp-weixin', import.meta.url))
let dist

beforeEach(() => {
  dist = join(mkdtempSync(join(tmpdir(), 'weapp ')), 'dist')
  cpSync(BUILT, dist, { recursive: true })
})
afterEach(() => rmSync(dist, { recursive: true, force: true }))

const problems = () => check(dist, { origin }).join('\n')

test('the package is one that WeChat takes', () => assert.equal(problems(), ''))

const FAULTS = [
  ['an unclosed view', () => appendFileSync(join(dist, 'pages/home.wxml'), '<view>'), /^wcc: /m],
  ['a missing tab icon', () => rmSync(join(dist, 'static/tab/home.png')), /tab icon static\/tab\/home\.png is missing/],
  ['a broken style', () => writeFileSync(join(dist, 'pages/home.wxss'), '@media { .a { color: '), /^wcsc: /m],
  ['a deleted component', () => rmSync(join(dist, 'components/AppScreen.js')), /is missing at components\/AppScreen/],
  ['a missing page', () => rmSync(join(dist, 'meetings/meeting.wxml')), /page meetings\/meeting has no \.wxml/],
  [
    'another host',
    () => appendFileSync(join(dist, 'app.js'), ';"https://tracker.example.com/x"'),
    /names https:\/\/tracker\.example\.com/,
  ],
  [
    'a package too large',
    () => writeFileSync(join(dist, 'static/large.js'), '0;'.repeat(400_000)),
    /the main package has/,
  ],
]
for (const [name, spoil, complaint] of FAULTS) {
  test(`${name} is noticed`, () => {
    spoil()
    assert.match(problems(), complaint)
  })
}
