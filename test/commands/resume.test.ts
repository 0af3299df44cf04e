/** Runs that are killed, or lose their device, and go on: in the end their tables are those of a run that nobody disturbed. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRunRecord, writeRunRecord } from '../../src/tables/run-folder.js'
import { damageLast, endedAt, moments, readable, sameTables } from './kills.js'
import { coarsest, execute, fromSources, infoflow, lastLine, mistake, scratch, small, succeed } from './process.js'

const folder = scratch(test)
const length = ['--epochs', '40', '--measurements', '14', '--save-weights']
const run = ['run', 'szt', '--seeds', '1,2', ...small, ...coarsest, ...length]
const [whole, killed] = ['whole', 'killed'].map((name) => join(folder, name))
test('a run that nobody disturbs, the first time and the second', async () => {
  const { code, stderr } = await execute([...infoflow, ...run, '--out', 'whole', '--resume'], {
    cwd: folder,
    limit: 900,
  })
  assert.is(code, 0, stderr)
  assert.not(
    readdirSync(whole).some((name) => /^lock|^checkpoints/.test(name)),
    'what only a running one needs is gone',
  )
  const again = await succeed(folder, 'run', 'whole', '--resume')
  assert.equal([again.stdout, again.stderr], ['', 'whole: finished already, nothing is left to do\n'])
})

test('killed five times at random moments, its last checkpoint damaged in between', async () => {
  const random = moments(9)
  // as a run leaves it that dies before its first checkpoint
  mkdirSync(killed)
  writeRunRecord(killed, { ...readRunRecord(whole)!, status: 'running' })
  for (let kill = 0; kill < 5; kill++) {
    // the last one after a row, before which it tells of the damage
    const lines = kill === 4 ? 1 : Math.floor(3 * random())
    const end = { lines, later: random() / 2, signal: 'SIGKILL' } as const
    const { stderr, signal } = await endedAt(folder, ['run', 'killed', '--resume'], end)
    assert.is(signal, 'SIGKILL', stderr)
    readable(killed, whole)
    if (kill === 3) damageLast(killed)
    if (kill === 4) assert.match(stderr, /^1 damaged checkpoint passed over; /m)
  }
  assert.is(readRunRecord(killed)!.status, 'running')
})

test('another configuration is refused', async () => {
  const other = await mistake(folder, ...run, '--out', 'killed', '--resume', '--set', 'noise.std=0.01')
  assert.match(
    other,
    /^infoflow: killed: noise\.std: this run has 0\.005, now it is 0\.01: go on with what it has \(infoflow run/,
  )
  const said = await mistake(folder, 'run', 'killed', '--resume', '--epochs', '9')
  assert.match(
    said,
    /^infoflow: --epochs: killed holds the whole configuration of its run: leave it out with --resume$/,
  )
})

test('devices that are lost: replaced once, then a clean end; and from there to the end', async () => {
  const lose = new URL('lose-device.ts', import.meta.url).href
  const losing = (losses: number, after: number) =>
    execute([...fromSources.slice(0, -1), '--import', lose, fromSources.at(-1)!, 'run', 'killed', '--resume'], {
      ...{ cwd: folder, limit: 600 },
      environment: { LOSSES: `${losses}`, AFTER: `${after}` },
    })
  const twice = await losing(2, 20)
  assert.equal([twice.code, twice.stdout], [2, ''], twice.stderr)
  const lost = 'the device was lost: device was destroyed'
  assert.match(twice.stderr, RegExp(`^.*: ${lost}; going on, on a new device, from the last checkpoint$`, 'm'))
  assert.match(lastLine(twice.stderr), RegExp(`^infoflow: .*: ${lost}; .*infoflow run killed --resume$`))
  readable(killed, whole)
  const once = await losing(1, 30)
  assert.is(once.code, 0, once.stderr)
  sameTables(killed, whole)
  const { status, resumed } = readRunRecord(killed)!
  assert.equal([status, (resumed as object[]).length >= 4], ['finished', true])
  assert.not(existsSync(join(killed, 'checkpoints')))
})

test.run()
