// A demo city of its own: real PostgreSQL, gunicorn, worker and stand-in for WeChat, as `make run` starts them
// on a copy of a city that is loaded once.
import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PYTHON = join(ROOT, '.venv/bin/python')
const READY_SECONDS = 180

export async function openCity() {
  const data = mkdtempSync(join(tmpdir(), 'city '))
  chmodSync(data, 0o755) // PostgreSQL runs as a user of its own
  const [port, sandbox] = [await freePort(), await freePort()]
  const environment = { ...process.env, PORT: String(port), SANDBOX_PORT: String(sandbox), DATA_DIR: data }
  for (const name of ['DATABASE_URL', 'FIELD_KEYS', 'LOOKUP_KEY']) delete environment[name]
  await promisify(execFile)(PYTHON, ['-m', 'tests.system.template', data], { cwd: ROOT })
  const run = spawn(PYTHON, ['-m', 'launcher.run'], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (part) => { said += part })
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
  return { base: `http://127.0.0.1:${port}`, sandbox: `http://127.0.0.1:${sandbox}`, close, log: () => said }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
