// The cities of one run: as many as files run at once. Who is done gives the city back; whoever takes it next finds
// its first day again.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PYTHON, ROOT, openOwnCity, ready } from './city.mjs'

// Listens on a socket whose name the test files find in their environment; returns how to close all cities.
export async function openPool() {
  const folder = mkdtempSync(join(tmpdir(), 'pool-'))
  const free = [],
    all = []

  async function take() {
    const city = free.pop()
    if (city) {
      await promisify(execFile)(PYTHON, ['-m', 'tests.system.recycle', city.data, String(city.pid)], { cwd: ROOT })
      await ready(city)
      return city
    }
    const opened = await openOwnCity()
    all.push(opened)
    return opened
  }

  const server = createServer(async visitor => {
    visitor.on('error', () => {})
    try {
      const city = await take()
      visitor.on('close', () => free.push(city))
      visitor.write(`${JSON.stringify({ base: city.base, sandbox: city.sandbox, data: city.data })}\n`)
      visitor.resume()
    } catch (error) {
      visitor.end(`${JSON.stringify({ error: error.message })}\n`)
    }
  })
  process.env.CITY_POOL = join(folder, 'pool')
  await new Promise(resolve => server.listen(process.env.CITY_POOL, resolve))
  return async () => {
    server.close()
    await Promise.all(all.map(city => city.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}
