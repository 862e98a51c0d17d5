// A demo city for a test file: real PostgreSQL, gunicorn, worker and stand-in for WeChat, as `make run` starts them
// on a copy of a city that is loaded once. In a run of several files the city comes from their pool.
import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const PYTHON = join(ROOT, '.venv/bin/python')
const READY_SECONDS = 180

export const openCity = () => (process.env.CITY_POOL ? borrowCity(process.env.CITY_POOL) : openOwnCity())

// Whoever lets go of the connection, or dies, has given the city back.
function borrowCity(pool) {
  return new Promise((resolve, reject) => {
    const lent = connect(pool).on('error', reject)
    createInterface({ input: lent }).once('line', line => {
      const { error, ...city } = JSON.parse(line)
      if (error) reject(new Error(error))
      else
        resolve({
          ...city,
          close: async () => {
            lent.destroy()
          },
        })
    })
  })
}

export async function openOwnCity() {
  const data = mkdtempSync(join(tmpdir(), 'city '))
  chmodSync(data, 0o755) // PostgreSQL runs as a user of its own
  const [port, sandbox] = [await freePort(), await freePort()]
  const environment = { ...process.env, PORT: String(port), SANDBOX_PORT: String(sandbox), DATA_DIR: data }
  for (const name of ['DATABASE_URL', 'FIELD_KEYS', 'LOOKUP_KEY']) delete environment[name]
  await promisify(execFile)(PYTHON, ['-m', 'tests.system.template', data], { cwd: ROOT })
  const run = spawn(PYTHON, ['-m', 'launcher.run'], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [run.stdout, run.stderr])
    stream.on('data', part => {
      said += part
    })
  const ended = new Promise(resolve => run.on('exit', resolve))
  const close = async () => {
    run.kill('SIGINT')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  const until = Date.now() + READY_SECONDS * 1000
  while (!said.includes('Ctrl-C stops it')) {
    if (run.exitCode !== null || Date.now() > until) {
      await close()
      throw new Error(`the city did not open:\n${said.slice(-3000)}`)
    }
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  return { base: `http://127.0.0.1:${port}`, sandbox: `http://127.0.0.1:${sandbox}`, data, pid: run.pid, close }
}

// Resolves when everything of a city answers, its worker and the stand-in among it.
export async function ready(city) {
  const until = Date.now() + READY_SECONDS * 1000
  const answers = [
    [`${city.base}/ready`, checks => Object.values(checks).every(Boolean)],
    [`${city.sandbox}/_ctl/state`, () => true],
  ]
  for (const [address, good] of answers) {
    while (
      !(await fetch(address)
        .then(answer => answer.json())
        .then(good, () => false))
    ) {
      if (Date.now() > until) throw new Error(`no answer from ${address}`)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

function freePort() {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
