// The page stack of a mini-program, over WeChat's own component engine.
const path = require('node:path')

const parse = text =>
  Object.fromEntries(
    text
      .split('&')
      .filter(Boolean)
      .map(pair => pair.split('=')),
  )

class Pages {
  constructor(dist, app, { simulate, exparser }, world) {
    Object.assign(this, { dist, simulate, exparser, world, stack: [], loaded: new Map() })
    this.known = [...app.pages, ...(app.subPackages ?? []).flatMap(one => one.pages.map(page => `${one.root}/${page}`))]
    this.tabs = (app.tabBar?.list ?? []).map(tab => tab.pagePath)
  }

  get top() {
    return this.stack[this.stack.length - 1]
  }

  navigation() {
    // WeChat changes pages after the caller has finished, never in the middle.
    const act = move => given =>
      void setTimeout(() => {
        const [route, query = ''] = (given.url ?? '').replace(/^\//, '').split('?')
        try {
          move(route, query, given)
          given.success?.({})
          given.complete?.({})
        } catch (error) {
          this.world.errors.push(error)
        }
      }, 0)
    return {
      navigateTo: act((route, query) => this.push(route, query, 'navigateTo')),
      redirectTo: act((route, query) => {
        this.drop()
        this.push(route, query, 'redirectTo')
      }),
      reLaunch: act((route, query) => {
        while (this.top) this.drop()
        this.push(route, query)
      }),
      switchTab: act(route => {
        if (!this.tabs.includes(route)) throw new Error(`switchTab: ${route} is no tab`)
        while (this.top) this.drop()
        this.push(route, '')
      }),
      navigateBack: act((_route, _query, given) => {
        for (let left = given.delta ?? 1; left > 0 && this.stack.length > 1; left--) this.drop()
        this.top.page.onShow?.()
      }),
    }
  }

  /** The program of a page, read and compiled when it is first opened, as WeChat does. */
  programOf(route) {
    if (!this.loaded.has(route)) {
      const options = { rootPath: this.dist, compiler: 'official' }
      this.loaded.set(route, this.simulate.load(path.join(this.dist, route), options))
    }
    return this.loaded.get(route)
  }

  push(route, query, how) {
    if (!this.known.includes(route)) throw new Error(`no such page: ${route}`)
    if (how && this.tabs.includes(route)) throw new Error(`${how}: ${route} is a tab`)
    if (this.stack.length >= 10) throw new Error('more than ten pages')
    this.top?.page.onHide?.()
    const component = this.simulate.render(this.programOf(route), {})
    const host = document.createElement('div')
    document.body.appendChild(host)
    const page = component.instance
    page.route = route
    this.stack.push({ route, page, component, host })
    component.attach(host)
    page.onLoad?.(parse(query))
    page.onShow?.()
    page.onReady?.()
  }

  drop() {
    const gone = this.stack.pop()
    gone.page.onUnload?.()
    this.exparser.Element.pretendDetached(gone.component._exparserNode)
    gone.host.remove()
  }
}

module.exports = { Pages }
