// Checks a compiled WeChat package without WeChat's own tools at hand, and with the two compilers that npm carries.
// usage: node e2e/weapp/package-check.cjs FOLDER
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const MOST_MAIN = 700 * 1024
const MOST_TOTAL = 1.5 * 1024 * 1024
const MOST_ICON = 40 * 1024
// Names of standards and of the framework's manual in its messages; nothing is fetched from there.
const NAMED_ONLY = /^https?:\/\/(www\.w3\.org|vuejs\.org|uniapp\.dcloud\.net\.cn)\//

/** Everything wrong with the package, in sentences; empty when it is right. */
function check(folder, { origin } = {}) {
  const dist = open(folder)
  return [
    ...missingPages(dist),
    ...wrongIcons(dist),
    ...missingComponents(dist),
    ...wrongScripts(dist),
    ...foreignAddresses(dist, origin),
    ...tooLarge(dist),
    ...askedWithoutNeed(dist),
    ...refusedByCompilers(dist),
  ]
}

function open(folder) {
  const list = at =>
    fs
      .readdirSync(path.join(folder, at), { withFileTypes: true })
      .flatMap(entry =>
        entry.isDirectory() ? list(path.posix.join(at, entry.name)) : [path.posix.join(at, entry.name)],
      )
  const files = list('')
  const read = file => fs.readFileSync(path.join(folder, file), 'utf8')
  const json = file => JSON.parse(read(file))
  const app = json('app.json')
  const packages = app.subPackages ?? []
  return {
    folder,
    files,
    read,
    json,
    app,
    packages,
    has: new Set(files),
    pages: [...app.pages, ...packages.flatMap(one => one.pages.map(page => `${one.root}/${page}`))],
    rootOf: file => packages.find(one => file.startsWith(`${one.root}/`))?.root ?? '',
    size: names => names.reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0),
  }
}

function missingPages({ pages, has }) {
  return pages.flatMap(page =>
    ['js', 'json', 'wxml'].filter(kind => !has.has(`${page}.${kind}`)).map(kind => `page ${page} has no .${kind}`),
  )
}

/** A name with @ stands for one icon in each theme. */
function iconsOf({ app, has, json }) {
  const themes = has.has('theme.json') ? Object.values(json('theme.json')) : []
  const resolve = name => (name.startsWith('@') ? themes.map(theme => theme[name.slice(1)] ?? name) : [name])
  return (app.tabBar?.list ?? [])
    .flatMap(tab => [tab.iconPath, tab.selectedIconPath])
    .filter(Boolean)
    .flatMap(resolve)
}

function wrongIcons(dist) {
  return iconsOf(dist).flatMap(icon => {
    if (!dist.has.has(icon)) return [`tab icon ${icon} is missing`]
    const bytes = fs.readFileSync(path.join(dist.folder, icon))
    const png = bytes.readUInt32BE(0) === 0x89504e47
    if (!png) return [`tab icon ${icon} is no PNG`]
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
    return width === 81 && height === 81 && bytes.length <= MOST_ICON
      ? []
      : [`tab icon ${icon} is ${width}x${height}, ${bytes.length} bytes`]
  })
}

function missingComponents({ files, has, json, rootOf }) {
  const described = files.filter(file => file.endsWith('.json') && !/^(project|package|theme|sitemap)/.test(file))
  return described.flatMap(file =>
    Object.entries(json(file).usingComponents ?? {}).flatMap(([tag, given]) => {
      const target = given.startsWith('/') ? given.slice(1) : path.posix.join(path.posix.dirname(file), given)
      if (!has.has(`${target}.js`) || !has.has(`${target}.wxml`)) return [`${file}: <${tag}> is missing at ${target}`]
      return rootOf(target) && rootOf(target) !== rootOf(file) ? [`${file}: <${tag}> lies in another package`] : []
    }),
  )
}

function wrongScripts({ files, has, read }) {
  return files
    .filter(file => file.endsWith('.js'))
    .flatMap(file => {
      const source = read(file)
      const missing = [...source.matchAll(/\brequire\(["'](\.[^"']+)["']\)/g)]
        .map(([, given]) => path.posix.join(path.posix.dirname(file), given))
        .filter(target => ![target, `${target}.js`, `${target}/index.js`].some(name => has.has(name)))
        .map(target => `${file} requires ${target}, which is missing`)
      return /\beval\(|new Function\(/.test(source)
        ? [...missing, `${file} makes code at run time, which WeChat refuses`]
        : missing
    })
}

function foreignAddresses({ files, read }, origin) {
  return files
    .filter(file => /\.(js|wxml|wxss|json)$/.test(file))
    .flatMap(file =>
      [...read(file).matchAll(/https?:\/\/[\w.-]+[\w./?=&%-]*/g)]
        .map(([url]) => url)
        .filter(url => !NAMED_ONLY.test(url) && !(origin && url.startsWith(origin)))
        .map(url => `${file} names ${url}`),
    )
}

function tooLarge({ files, rootOf, size }) {
  const main = size(files.filter(file => !rootOf(file)))
  const total = size(files)
  return [
    ...(main > MOST_MAIN ? [`the main package has ${main} bytes`] : []),
    ...(total > MOST_TOTAL ? [`the packages have ${total} bytes`] : []),
  ]
}

function askedWithoutNeed({ app }) {
  return [
    ...(app.requiredPrivateInfos ?? []).map(name => `it asks for ${name}`),
    ...Object.keys(app.permission ?? {}).map(name => `it wants ${name}`),
  ]
}

function refusedByCompilers(dist) {
  const wxml = dist.files.filter(file => /\.(wxml|wxs)$/.test(file))
  const wxss = dist.files.filter(file => file.endsWith('.wxss'))
  return [compile(dist, 'wcc', ['-d', ...wxml]), compile(dist, 'wcsc', ['-lc', ...wxss])].filter(Boolean)
}

function compile(dist, program, given) {
  const system = { linux: 'linux', darwin: 'mac' }[process.platform]
  const binary = path.join(path.dirname(require.resolve('miniprogram-compiler/package.json')), 'bin', system, program)
  fs.chmodSync(binary, 0o755)
  const done = spawnSync(binary, given, { cwd: dist.folder, encoding: 'utf8', maxBuffer: 1e8 })
  return done.status === 0
    ? ''
    : `${program}: ${(done.stderr || done.stdout || String(done.error)).trim().slice(0, 400)}`
}

module.exports = { check }

if (require.main === module) {
  const problems = check(path.resolve(process.argv[2]), { origin: process.env.VITE_API_ORIGIN })
  for (const problem of problems) console.error(`✗ ${problem}`)
  process.exitCode = problems.length ? 1 : 0
}
