// Looks at each page of some people: readable, tappable, one round of calls, at home on small and large screens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { openCity } from './city.mjs'
import { barriers, hardToUse, overflow } from './looking.mjs'
import { idsFor, PAGES, withIds } from './pages.mjs'
import { Person } from './person.mjs'

const LATENCY_MS = 400

async function open(person, path) {
  await person.open(path)
  // Whether somebody is on a roster is known from the first answers alone: the browser itself reports the 403.
  if (person.name === '居民' && path === '/pages/home') person.problems.splice(0)
}

/** When each call of the API began, as long as every answer takes its time. */
async function slowly(person) {
  const begun = []
  // Not by `route`, which switches the browser's cache off.
  const session = await person.context.newCDPSession(person.page)
  session.on('Fetch.requestPaused', async ({ requestId }) => {
    begun.push(Date.now())
    await new Promise(resolve => setTimeout(resolve, LATENCY_MS))
    await session.send('Fetch.continueRequest', { requestId }).catch(() => undefined) // the page may have gone
  })
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/v1/*' }] })
  return begun
}

async function look(person, path) {
  const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
  if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
  return wrong.map(one => `${path}: ${one}`)
}

/** Declare the tests of a file: the pages of all of `names`. */
export function lookAtPagesOf(names) {
  let city, browser, ids
  before(async () => {
    browser = await openBrowser()
    city = await openCity()
    ids = await idsFor(city)
  })
  after(async () => {
    await browser?.close()
    await city?.close()
  })

  for (const name of names) {
    const paths = () => PAGES[name].map(path => withIds(path, ids))

    test(`${name} can use each page at 320 px, and none waits for a second round of calls`, async () => {
      const person = await Person.open(browser, city.base, name, { width: 320 })
      const begun = await slowly(person)
      const found = []
      let calls = 0
      for (const path of paths()) {
        begun.length = 0
        await open(person, path)
        calls += begun.length
        const late = begun.filter(at => at - begun[0] >= LATENCY_MS)
        if (late.length) found.push(`${path} made ${begun.length} calls, ${late.length} of them late`)
        found.push(...(await look(person, path)))
      }
      assert.deepEqual(found, [])
      assert.ok(calls >= paths().length, `only ${calls} calls were slowed down`)
      await person.close()
    })

    test(`${name} can use each page at 768 px in the dark`, async () => {
      const person = await Person.open(browser, city.base, name, { width: 768, dark: true })
      const found = []
      for (const path of paths()) {
        await open(person, path)
        found.push(...(await look(person, path)))
      }
      assert.deepEqual(found, [])
      await person.close()
    })
  }
}
