// `node e2e/run.mjs CONCURRENCY FILES`: as `node --test`, but the longest file first, so that none is left to run
// alone, and with cities that go from file to file.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { PYTHON, ROOT } from './city.mjs'
import { openPool } from './pool.mjs'

const [concurrency, ...names] = process.argv.slice(2)
// The longest, of which one does not see it by their size.
const LONGEST = ['pages-of-a-member.test.mjs', 'pages-of-officers.test.mjs']
const size = file => (LONGEST.includes(basename(file)) ? Infinity : statSync(file).size)
const files = names.map(name => resolve(name)).sort((one, other) => (size(other) > size(one) ? 1 : -1))

process.env.PARTY_TEST_RUN = randomUUID() // tests/leftovers.py ends what carries it, when this process is no more
spawn(PYTHON, ['-m', 'tests.leftovers', process.env.PARTY_TEST_RUN], {
  cwd: ROOT,
  detached: true,
  stdio: ['pipe', 'inherit', 'inherit'],
}).unref()
const closePool = await openPool()
run({ files, concurrency: Number(concurrency) })
  .on('test:fail', () => {
    process.exitCode = 1
  })
  .on('end', closePool)
  .compose(spec)
  .pipe(process.stdout)
