// `node e2e/run.mjs CONCURRENCY FILES`: as `node --test`, but the longest file first, so that none is left to run alone,
// and with cities that go from file to file.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { openPool } from './pool.mjs'

const [concurrency, ...names] = process.argv.slice(2)
const size = file => statSync(file).size
const files = names.map(name => resolve(name)).sort((one, other) => size(other) - size(one))

const closePool = await openPool()
run({ files, concurrency: Number(concurrency) })
  .on('test:fail', () => { process.exitCode = 1 })
  .on('end', closePool)
  .compose(spec)
  .pipe(process.stdout)
