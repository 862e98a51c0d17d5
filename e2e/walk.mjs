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

async function look(person, what) {
  const wrong = [...(await barriers(person.page)), ...(await hardToUse(person.page))]
  if ((await overflow(person.page)) > 0) wrong.push('wider than the screen')
  return wrong.map(one => `${what}: ${one}`)
}

/** Give the open page another screen; what follows a screen is style alone, no code of the app reads it. */
async function turn(person, width, colorScheme) {
  await person.page.setViewportSize({ width, height: 844 })
  await person.page.emulateMedia({ colorScheme })
}

/** Wait until what moves has come to its place. */
async function stand(person) {
  await person.settle()
  await person.page.evaluate(() => {
    const moving = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity)
    return Promise.allSettled(moving.map(one => one.finished))
  })
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
    test(`${name} can use each page, small after one round of calls, large in the dark`, async () => {
      const person = await Person.open(browser, city.base, name, { width: 320 })
      const begun = await slowly(person)
      const found = []
      const paths = PAGES[name].map(path => withIds(path, ids))
      let calls = 0
      for (const path of paths) {
        await turn(person, 320, 'light')
        begun.length = 0
        await open(person, path)
        calls += begun.length
        const late = begun.filter(at => at - begun[0] >= LATENCY_MS)
        if (late.length) found.push(`${path} made ${begun.length} calls, ${late.length} of them late`)
        found.push(...(await look(person, path)))
        await turn(person, 768, 'dark')
        await stand(person)
        found.push(...(await look(person, `${path}, 768 px in the dark`)))
      }
      assert.deepEqual(found, [])
      assert.ok(calls >= paths.length, `only ${calls} calls were slowed down`)
      await person.close()
    })
  }
}
