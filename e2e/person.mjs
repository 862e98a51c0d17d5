// Somebody at the app in a browser: what they tap and read, by the words on the screen.
import assert from 'node:assert/strict'
import { openPhone } from './browser.mjs'

const PATIENCE = 15_000
const QUIET = 150
const LOADING = '[aria-label="正在加载"]'

export class Person {
  static async open(browser, base, name, options) {
    const phone = await openPhone(browser, base, options)
    const person = new Person(phone, base, name)
    person.page.setDefaultTimeout(PATIENCE)
    await person.signIn()
    return person
  }

  constructor({ page, context, problems }, base, name) {
    Object.assign(this, { page, context, problems, base, name, calls: new Set(), stirred: 0 })
    const stir = change => call => {
      change(call)
      this.stirred = Date.now()
    }
    page.on(
      'request',
      stir(call => this.calls.add(call)),
    )
    for (const end of ['requestfinished', 'requestfailed'])
      page.on(
        end,
        stir(call => this.calls.delete(call)),
      )
  }

  async signIn() {
    await this.page.goto(`${this.base}/m/`)
    await this.tap(this.name)
    await this.page.waitForURL(url => !url.hash.includes('sign-in'))
    await this.settle()
    if (this.page.url().includes('consent')) await this.tap('同意并继续')
    await this.page.waitForURL(url => /home|member-link/.test(url.hash) || url.hash === '#/')
    await this.settle()
  }

  /** Wait until no call is under way and what it brought is drawn. */
  async settle() {
    await this.page.waitForLoadState()
    const began = Date.now()
    do await this.page.waitForTimeout(50)
    while (((await this.loads()) || !this.quietSince(began)) && Date.now() < began + PATIENCE)
  }

  /** Whether the page in front says that it loads; a busy page answers only when it has done. */
  loads() {
    const shown = signs => [...document.querySelectorAll(signs)].some(one => one.offsetParent)
    return this.page.evaluate(shown, LOADING).catch(() => true)
  }

  quietSince(began) {
    return !this.calls.size && Date.now() - Math.max(began, this.stirred) >= QUIET
  }

  /** Something with a role on the page in front; pages behind it stay in the document. */
  found(words, within = this.page) {
    const names = typeof words === 'string' ? new RegExp('^' + words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : words
    const roles = ['button', 'checkbox', 'radio'].map(role => within.getByRole(role, { name: names }))
    return roles
      .reduce((all, one) => all.or(one))
      .filter({ visible: true })
      .first()
  }

  async tap(words, within) {
    try {
      await this.found(words, within).tap()
    } catch (error) {
      throw new Error(`${this.name} could not tap ${words} on:\n${await this.text()}\n${await this.photograph()}`, {
        cause: error,
      })
    }
  }

  /** Keep a picture of what went wrong, where E2E_PICTURES names a folder. */
  async photograph() {
    if (!process.env.E2E_PICTURES) return ''
    const path = `${process.env.E2E_PICTURES}/${this.name}-${Date.now()}.png`
    await this.page.screenshot({ path })
    return path
  }

  /** Open the app at a page, as from a link: another page's address alone would not load it anew. */
  async open(path) {
    await this.page.evaluate(to => history.replaceState(null, '', to), `#${path}`)
    await this.page.reload()
    await this.settle()
  }

  /** Say yes to the question in front: its last button is the deed. */
  async confirm() {
    const box = this.page.getByRole('alertdialog').filter({ visible: true })
    await box.getByRole('button').last().tap()
    await this.settle()
  }

  /** Drag a finger over the middle of something, by `dx` and `dy` pixels. */
  async drag(locator, dx, dy) {
    const { x, y, width, height } = await locator.boundingBox()
    const [from, below] = [x + width / 2, y + height / 2]
    const session = await this.context.newCDPSession(this.page)
    const touch = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
    await touch('touchStart', [{ x: from, y: below }])
    for (let step = 1; step <= 10; step += 1)
      await touch('touchMove', [{ x: from + (dx * step) / 10, y: below + (dy * step) / 10 }])
    await touch('touchEnd', [])
    await this.settle()
  }

  /** Choose a day (`2026-11-27`) on the sheet that is open, leafing to its month. */
  async pickDay(date) {
    const sheet = this.page.getByRole('dialog').filter({ visible: true })
    const [year, month, number] = date.split('-').map(Number)
    const shown = async () => (await sheet.getByRole('status').innerText()).match(/\d+/g).map(Number)
    for (
      let [in_year, in_month] = await shown();
      in_year * 12 + in_month !== year * 12 + month;
      [in_year, in_month] = await shown()
    ) {
      await this.tap(year * 12 + month > in_year * 12 + in_month ? '下个月' : '上个月', sheet)
    }
    await this.tap(new RegExp(`(^|年)${month}月${number}日 `), sheet)
    await this.settle()
  }

  async tab(words) {
    await this.page.locator('.uni-tabbar__item', { hasText: words }).tap()
    await this.settle()
  }

  async write(label, text) {
    const roles = ['textbox', 'spinbutton'].map(role => this.page.getByRole(role, { name: label, exact: true }))
    const field = roles[0].or(roles[1]).filter({ visible: true }).first()
    await field.fill(text)
  }

  async sees(words) {
    try {
      await this.page.getByText(words).filter({ visible: true }).first().waitFor()
    } catch (error) {
      throw new Error(`${this.name} does not see ${words} on:\n${await this.text()}\n${await this.photograph()}`, {
        cause: error,
      })
    }
  }

  async seesNot(words) {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor({ state: 'hidden' })
  }

  async text() {
    return this.page.evaluate(() => document.body.innerText)
  }

  /** Leave the app for a moment: what waits for an undo is sent. */
  async leaveApp() {
    await this.page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await this.settle()
  }

  /** What a phone holds as an unsent form, as if it had been typed before. */
  async hasDraft(form, values) {
    const kept = JSON.stringify({ type: 'object', data: values })
    await this.page.evaluate(([name, text]) => localStorage.setItem(name, text), [`draft:${form}`, kept])
  }

  async close() {
    await this.context.close()
    assert.deepEqual(this.problems, [], `${this.name}'s browser complained`)
  }
}
