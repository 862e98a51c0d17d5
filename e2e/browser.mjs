// Chromium from the npm package, with its own libraries and Chinese type: nothing of the system's is needed.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HOME = join(ROOT, 'node_modules', '.chromium')
const FONTS = join(ROOT, 'node_modules', '@expo-google-fonts', 'noto-sans-sc')
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-gpu',
  // No host but this machine is found, whoever asks for one. Not by intercepting: that switches the cache off.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

export async function openBrowser() {
  unpack()
  return chromium.launch({
    executablePath: join(HOME, 'chromium'),
    args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, LD_LIBRARY_PATH: join(HOME, 'al2023', 'lib'), FONTCONFIG_FILE: join(HOME, 'fonts.conf') },
  })
}

/** Unpack once. Two test runs may come at once: each unpacks for itself, the first rename stands. */
function unpack() {
  if (existsSync(HOME)) return
  const building = mkdtempSync(`${HOME}-`)
  execFileSync(process.execPath, [join(ROOT, 'e2e', 'unpack-chromium.mjs')], {
    env: { ...process.env, TMPDIR: building, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
  })
  mkdirSync(join(building, 'font-cache'))
  writeFileSync(join(building, 'fonts.conf'), fontConfig())
  try {
    renameSync(building, HOME)
  } catch {
    rmSync(building, { recursive: true, force: true })
  }
}

function fontConfig() {
  const folders = ['400Regular', '500Medium', '600SemiBold', '700Bold'].map(
    weight => `<dir>${join(FONTS, weight)}</dir>`,
  )
  const cache = `<cachedir>${join(dirname(HOME), '.chromium', 'font-cache')}</cachedir>`
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    `<fontconfig>${folders.join('')}${cache}</fontconfig>`,
  ].join('')
}

/** A phone at `base`: what it complains of and whom else it wants to ask is kept, and never let through. */
export async function openPhone(
  browser,
  base,
  { width = 390, height = 844, dark = false, zone = 'Asia/Shanghai', agent = undefined } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
    timezoneId: zone,
    colorScheme: dark ? 'dark' : 'light',
    ...(agent && { userAgent: agent }),
    permissions: ['clipboard-write'],
  })
  const problems = []
  const at = new URL(base).origin
  context.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== at) problems.push(`asks ${request.url()}`)
  })
  const page = await context.newPage()
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => problems.push(`error: ${error.message}`))
  return { context, page, problems }
}
