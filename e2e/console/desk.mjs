// Somebody at a desk: the console in a window, signed in, and what is wrong with what it shows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { overflow } from '../looking.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
]

export class Desk {
  static async open(browser, base, { width = 1366, height = 768, dark = false } = {}) {
    const context = await browser.newContext({
      viewport: { width, height },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      colorScheme: dark ? 'dark' : 'light',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 30_000))
    return new Desk(base, context, page)
  }

  problems = []

  constructor(base, context, page) {
    Object.assign(this, { base, context, page })
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) this.problems.push(message.text())
    })
    page.on('pageerror', error => this.problems.push(error.message))
    context.on('request', request => {
      if (!request.url().startsWith(base) && request.url().startsWith('http'))
        this.problems.push(`asks ${request.url()}`)
    })
  }

  /** Sign in as one of the demo people. */
  async signIn(name) {
    await this.page.goto(`${this.base}/console/sign-in`)
    await this.page.getByRole('button', { name }).click()
    await this.agree()
  }

  /** Agree to the notice where it is asked. */
  async agree() {
    const agree = this.page.getByRole('button', { name: '同意并继续' })
    await this.side.or(agree).first().waitFor()
    if (await agree.isVisible()) await agree.click()
    await this.side.waitFor()
  }

  get side() {
    return this.page.getByRole('navigation', { name: '主导航' })
  }

  heading(name, level = 1) {
    return this.page.getByRole('heading', { name, level, exact: true })
  }

  /** Nothing is being read any more. */
  async settled() {
    await this.page.waitForTimeout(250)
    await this.page.waitForFunction(() => !document.querySelector('.bones'), null, { timeout: 30_000 })
    await this.page.waitForTimeout(150)
  }

  /** Whatever axe finds, of any impact and best practices among it, light and dark; never wider than the window. */
  async look(what) {
    await this.settled()
    const faults = []
    for (const theme of ['light', 'dark']) {
      await this.page.evaluate(now => (document.documentElement.dataset.theme = now), theme)
      await this.page.waitForTimeout(50)
      faults.push(...(await this.#barriers()).map(one => `${what}, ${theme}: ${one}`))
      if (process.env.SHOTS) await this.page.screenshot({ path: `${process.env.SHOTS}/${this.#file(what, theme)}` })
    }
    await this.page.evaluate(() => (document.documentElement.dataset.theme = 'light'))
    if ((await overflow(this.page)) > 0) faults.push(`${what}: wider than the window`)
    assert.deepEqual(faults, [])
    assert.deepEqual(this.problems, [], what)
  }

  /** Look at it at both sizes. */
  async lookAround(what) {
    for (const size of SIZES) {
      await this.page.setViewportSize(size)
      await this.look(`${what}, ${size.width}`)
    }
    await this.page.setViewportSize(SIZES[0])
  }

  async close() {
    await this.context.close()
  }

  #file(what, theme) {
    return `${what.replace(/[^\w一-龥]+/g, '-')}-${theme}.png`
  }

  async #barriers() {
    await this.page.evaluate(AXE)
    const found = await this.page.evaluate(
      async () => (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations,
    )
    return found.map(one => `${one.impact} ${one.id}: ${one.nodes.slice(0, 2).map(wrong).join(' | ')}`)
  }
}

const wrong = node => `${node.html.slice(0, 140)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''})`
