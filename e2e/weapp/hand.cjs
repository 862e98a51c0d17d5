// A hand at the mini-program: reads the page in front and taps what stands there.
const assert = require('node:assert/strict')

const PATIENCE_MS = 20_000
const QUIET_MS = 150
const flat = text => text.replace(/\s+/g, ' ').trim()

class Hand {
  constructor(runtime) {
    Object.assign(this, runtime)
  }

  text() {
    return flat(this.pages.top.host.textContent)
  }

  route() {
    return this.pages.top.route
  }

  /** Wait until `test` holds; the whole page is in the message when it never does. */
  async until(test, what) {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      if (this.world.errors.length) throw this.world.errors[0]
      const found = test()
      if (found) return found
      if (Date.now() > end) throw new Error(`${what}: not on ${this.route()}:\n${this.text()}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  sees(words) {
    return this.until(() => this.text().includes(words), `sees ${words}`)
  }

  /** Wait for words of which only the pattern is known, and return what was found. */
  reads(pattern) {
    return this.until(() => pattern.exec(this.text()), `reads ${pattern}`)
  }

  /** Wait until no call has been under way for a moment. */
  async settle() {
    let busy = Date.now()
    await this.until(() => {
      if (this.world.open) busy = Date.now()
      return Date.now() - busy >= QUIET_MS
    }, 'settles')
  }

  async go(url) {
    await this.settle()
    const tab = this.pages.tabs.includes(url.replace(/^\//, ''))
    globalThis.wx[tab ? 'switchTab' : 'reLaunch']({ url })
    await this.settle()
  }

  /** Tap the innermost thing with exactly these words, within what also holds `beside`. */
  async tap(words, beside = '') {
    const node = await this.until(
      () => this.find(one => flat(one.$$?.textContent ?? '') === words, beside),
      `taps ${words} ${beside}`,
    )
    this.fire(node, 'tap')
    await this.settle()
  }

  async write(nth, value) {
    const fields = await this.until(() => {
      const found = this.all(one => ['WX-INPUT', 'WX-TEXTAREA'].includes(one.$$?.tagName))
      return found.length > nth ? found : undefined
    }, `writes into field ${nth}`)
    this.fire(fields[nth], 'input', { value })
    await this.settle()
  }

  /** Agree to show the number WeChat knows: its own dialog, then an event with a code. */
  async givePhone(words, code) {
    const node = await this.until(
      () => this.find(one => flat(one.$$?.textContent ?? '') === words),
      `gives the phone at ${words}`,
    )
    this.fire(node, 'getphonenumber', { code })
    await this.settle()
  }

  /** Sign in as somebody else, as one would hand the phone over: out first, nothing stays. */
  async become(code) {
    if (this.route() !== 'pages/sign-in') {
      await this.go('/pages/mine')
      await this.tap('退出登录')
      assert.equal(this.world.storage.size, 0, 'something stayed on the phone')
    }
    this.world.code = code
    await this.tap('微信登录')
    // Signing in takes several calls, with a breath between them that a busy machine draws out.
    await this.until(() => this.route() !== 'pages/sign-in', 'leaves the sign-in page')
    await this.settle()
    if (this.route() === 'pages/consent') await this.tap('同意并继续')
  }

  /** Say yes to the question in front: its last button is the deed. */
  async confirm() {
    const buttons = await this.until(() => {
      const found = this.all(one => one.$$?.tagName === 'WX-BUTTON' && one.$$.closest('[class*="veil"]'))
      return found.length ? found : undefined
    }, 'is asked')
    this.fire(buttons[buttons.length - 1], 'tap')
    await this.settle()
  }

  hasDraft(form, values) {
    this.world.storage.set(`draft:${form}`, values)
    this.world.storage.set('drafts', [form])
  }

  /** Leave the app for a moment: what waits for an undo is sent. */
  async leaveApp() {
    this.lifecycle.onHide?.()
    this.lifecycle.onShow?.({ path: this.route(), query: {}, scene: 1001 })
    await this.settle()
  }

  fire(node, type, detail = {}) {
    this.pages.exparser.triggerEvent(node, type, detail, { bubbles: true, composed: true, capturePhase: true })
  }

  find(test, beside) {
    const all = this.all(test)
    // Innermost on the screen: what a slot is filled with belongs to another tree than what is around it.
    const found = all.filter(
      one => !all.some(other => other !== one && other.$$ !== one.$$ && one.$$.contains(other.$$)),
    )
    if (!beside) return found[0]
    const distance = node => {
      let steps = 0
      for (let one = node.$$; one; one = one.parentNode, steps++) if (one.textContent?.includes(beside)) return steps
      return -1
    }
    const near = found
      .map(node => [distance(node), node])
      .filter(([steps]) => steps >= 0)
      .sort((a, b) => a[0] - b[0])
    return near[0]?.[1]
  }

  /** Every node of the page in front for which `test` holds. */
  all(test) {
    const found = []
    const { exparser } = this.pages
    const walk = node => {
      if (node instanceof exparser.Component && node.shadowRoot instanceof exparser.Element) walk(node.shadowRoot)
      for (const child of node.childNodes ?? []) if (child instanceof exparser.Element) walk(child)
      if (!node.__virtual && test(node)) found.push(node)
    }
    walk(this.pages.top.component._exparserNode)
    return found
  }
}

module.exports = { Hand }
