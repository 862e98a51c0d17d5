// What the app may call of WeChat, answered here: storage, sign-in, real HTTP, dialogs. Everything is written down.
const { mkdtempSync, readFileSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const SYSTEM = {
  platform: 'devtools',
  brand: 'devtools',
  model: 'phone',
  system: 'iOS 16.0',
  version: '8.0.50',
  fontSizeSetting: 16,
  theme: 'light',
  deviceType: 'phone',
  deviceOrientation: 'portrait',
  SDKVersion: '3.8.0',
  windowWidth: 375,
  windowHeight: 667,
  screenWidth: 375,
  screenHeight: 667,
  pixelRatio: 2,
  statusBarHeight: 20,
  language: 'zh_CN',
  safeArea: { top: 20, bottom: 667, left: 0, right: 375, width: 375, height: 647 },
}
const later = (given, answer) =>
  setTimeout(() => {
    given.success?.(answer)
    given.complete?.(answer)
  }, 0)
const laterNot = (given, errMsg) =>
  setTimeout(() => {
    given.fail?.({ errMsg })
    given.complete?.({ errMsg })
  }, 0)

/**
 * `world` holds what a test sets (code, offline, saysYes, scanned, onAsk) and what it reads (requests, toasts,
 * clipboard, storage).
 */
function platform(world) {
  return {
    ...storage(world),
    ...dialogs(world),
    login: given => later(given, { code: world.code, errMsg: 'login:ok' }),
    request: given => request(world, given),
    chooseImage: given => later(given, { tempFilePaths: [world.picture], tempFiles: [{ path: world.picture }] }),
    uploadFile: given => upload(world, given),
    scanCode: given =>
      world.scanned ? later(given, { result: world.scanned }) : laterNot(given, 'scanCode:fail cancel'),
    previewImage: given => {
      world.previewed = given.urls
      later(given, {})
    },
    downloadFile: given => download(world, given),
    openDocument: given => {
      world.opened.push({ ...given, bytes: readFileSync(given.filePath) })
      later(given, {})
    },
    setClipboardData: given => {
      world.clipboard = given.data
      later(given, {})
    },
    getSystemInfoSync: () => SYSTEM,
    getWindowInfo: () => SYSTEM,
    getDeviceInfo: () => SYSTEM,
    getAppBaseInfo: () => SYSTEM,
    getSystemSetting: () => SYSTEM,
    canIUse: () => true,
    stopPullDownRefresh() {},
    setNavigationBarTitle() {},
    nextTick: act => setTimeout(act, 0),
    onAppShow() {},
    onAppHide() {},
    onError() {},
    onMemoryWarning() {},
    onThemeChange() {},
    onUnhandledRejection() {},
    createSelectorQuery: query,
    pageScrollTo() {},
    hideTabBar() {},
    showTabBar() {},
    getMenuButtonBoundingClientRect: () => ({ top: 24, bottom: 56, left: 280, right: 367, width: 87, height: 32 }),
  }
}

/** Where things stand on a screen that nobody draws: at its top. */
function query() {
  const asked = []
  const node = {
    boundingClientRect: done => (asked.push(() => done?.({ top: 0 })), chain),
    scrollOffset: done => (asked.push(() => done?.({ scrollTop: 0 })), chain),
  }
  const chain = {
    in: () => chain,
    select: () => node,
    selectViewport: () => node,
    exec: () => {
      for (const one of asked) setTimeout(one, 0)
    },
  }
  return chain
}

function storage({ storage }) {
  return {
    getStorageSync: name => storage.get(name) ?? '',
    setStorageSync: (name, value) => {
      storage.set(name, JSON.parse(JSON.stringify(value)))
    },
    removeStorageSync: name => {
      storage.delete(name)
    },
  }
}

function dialogs(world) {
  return {
    showToast: given => {
      world.toasts.push(given.title)
      later(given, {})
    },
    // WeChat's own question; who says yes has given leave for one message of each template.
    requestSubscribeMessage: given => {
      const answer = world.saysYes ? 'accept' : 'reject'
      Promise.resolve(world.saysYes && world.onAsk?.(given.tmplIds))
        .then(() =>
          later(given, {
            errMsg: 'requestSubscribeMessage:ok',
            ...Object.fromEntries(given.tmplIds.map(id => [id, answer])),
          }),
        )
        .catch(error => world.errors.push(error))
    },
    showLoading: given => later(given, {}),
    hideLoading() {},
  }
}

function request(world, given) {
  const method = given.method ?? 'GET'
  world.requests.push(`${method} ${given.url}`)
  if (world.offline) return laterNot(given, 'request:fail')
  const url = given.url.replace(world.origin, world.base)
  const body = method === 'GET' || given.data === undefined ? undefined : JSON.stringify(given.data)
  world.open += 1
  fetch(url, { method, headers: given.header, body })
    .then(
      async answer => {
        const text = await answer.text()
        given.success?.({ statusCode: answer.status, data: text && JSON.parse(text), header: {} })
      },
      () => given.fail?.({ errMsg: 'request:fail' }),
    )
    .catch(error => world.errors.push(error))
    .finally(() => {
      world.open -= 1
    })
  return { abort() {} }
}

/** One file, as WeChat sends it; the answer's body is text. */
function upload(world, given) {
  const boundary = 'weapp-boundary'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="`
  const fields = Object.entries(given.formData ?? {})
    .map(([name, value]) => `${head}${name}"\r\n\r\n${value}\r\n`)
    .join('')
  const body = Buffer.concat([
    Buffer.from(`${fields}${head}${given.name}"; filename="tmp_4711.png"\r\nContent-Type: image/png\r\n\r\n`),
    readFileSync(given.filePath),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  world.requests.push(`POST ${given.url}`)
  world.open += 1
  fetch(given.url.replace(world.origin, world.base), {
    method: 'POST',
    headers: { ...given.header, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body,
  })
    .then(
      async answer => given.success?.({ statusCode: answer.status, data: await answer.text() }),
      () => given.fail?.({ errMsg: 'uploadFile:fail' }),
    )
    .catch(error => world.errors.push(error))
    .finally(() => {
      world.open -= 1
    })
  return { onProgressUpdate() {}, abort() {} }
}

/** A file out of the network, kept for as long as the app runs. */
function download(world, given) {
  world.requests.push(`GET ${given.url}`)
  world.open += 1
  fetch(given.url.replace(world.origin, world.base), { headers: given.header })
    .then(
      async answer => {
        const tempFilePath = join(mkdtempSync(join(tmpdir(), 'weapp-')), 'tmp_4712')
        writeFileSync(tempFilePath, Buffer.from(await answer.arrayBuffer()))
        given.success?.({ statusCode: answer.status, tempFilePath })
      },
      () => given.fail?.({ errMsg: 'downloadFile:fail' }),
    )
    .catch(error => world.errors.push(error))
    .finally(() => {
      world.open -= 1
    })
  return { onProgressUpdate() {}, abort() {} }
}

module.exports = { platform }
