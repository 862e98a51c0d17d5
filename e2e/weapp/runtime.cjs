// Runs a compiled WeChat package in Node: WXML by WeChat's own compiler, components on WeChat's own engine, the logic
// layer without a browser's globals, real HTTP. One package a process: the engine and `wx` are global.
const { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { JSDOM } = require('jsdom')
const { Pages } = require('./pages.cjs')
const { platform } = require('./platform.cjs')

// WeChat's logic layer has none of these.
const ABSENT = [
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'sessionStorage',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'URL',
  'URLSearchParams',
  'FormData',
  'Blob',
  'Headers',
  'Request',
  'Response',
  'AbortController',
  'TextEncoder',
  'TextDecoder',
  'structuredClone',
  'queueMicrotask',
  'crypto',
  'performance',
  'process',
  'Buffer',
  'Intl',
  'atob',
  'btoa',
]
const OF_THE_DOCUMENT = [
  'document',
  'HTMLElement',
  'Node',
  'Event',
  'CustomEvent',
  'MutationObserver',
  'getComputedStyle',
  'navigator',
]

function launch(folder, { base, origin }) {
  chmodSync(
    path.join(
      path.dirname(require.resolve('miniprogram-compiler/package.json')),
      'bin',
      process.platform === 'darwin' ? 'mac' : 'linux',
      'wcc',
    ),
    0o755,
  )
  const home = mkdtempSync(path.join(tmpdir(), 'weapp-'))
  const dist = path.join(home, 'dist')
  cpSync(folder, dist, { recursive: true })
  // Away from a package of ES modules, so that the output loads as what it is.
  writeFileSync(path.join(dist, 'package.json'), '{"type":"commonjs"}')
  const app = JSON.parse(readFileSync(path.join(dist, 'app.json'), 'utf8'))
  const world = {
    base,
    origin,
    code: '',
    saysYes: true,
    offline: false,
    open: 0,
    storage: new Map(),
    requests: [],
    toasts: [],
    errors: [],
    opened: [],
    clipboard: '',
  }
  openDocument()
  // Only now: the engine takes the document that is there when it is loaded.
  const engine = { simulate: require('miniprogram-simulate'), exparser: require('miniprogram-exparser') }
  const pages = new Pages(dist, app, engine, world)
  Object.assign(globalThis.wx, platform(world), pages.navigation())
  keepErrors(world)
  const lifecycle = start(dist, pages)
  const first = { path: pages.known[0], query: {}, scene: 1001 }
  lifecycle.onLaunch?.(first)
  lifecycle.onShow?.(first)
  pages.push(pages.known[0], '')
  const close = () => {
    rmSync(home, { recursive: true, force: true })
    require.extensions['.js'] = plain
  }
  return { world, pages, lifecycle, close }
}

function openDocument() {
  const dom = new JSDOM('<!doctype html><body></body>', { url: 'https://servicewechat.com/', pretendToBeVisual: true })
  const put = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  put('window', dom.window)
  for (const name of OF_THE_DOCUMENT) put(name, dom.window[name])
}

function keepErrors(world) {
  const said = console.error
  console.error = (...words) => {
    world.errors.push(new Error(words.map(String).join(' ')))
    said(...words)
  }
  process.on('unhandledRejection', error => world.errors.push(error))
}

const plain = require.extensions['.js']

function start(dist, pages) {
  let app = {}
  globalThis.App = given => {
    app = given
  }
  globalThis.Page = given => globalThis.Component({ methods: given, data: given.data })
  globalThis.getApp = () => app
  globalThis.getCurrentPages = () => pages.stack.map(one => one.page)
  globalThis.__wxConfig = {}
  require.extensions['.js'] = (module, file) =>
    file.startsWith(dist)
      ? module._compile(`var ${ABSENT.join(',')};${readFileSync(file, 'utf8')}`, file)
      : plain(module, file)
  require(path.join(dist, 'app.js'))
  return app
}

module.exports = { launch }
