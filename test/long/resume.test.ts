/**
 * Fifty SIGKILLs at random moments, each run resumed; a disk that fills up and is freed; checkpoints that are damaged: in the end the tables
 * of a run that nobody disturbed, none of them unreadable on the way. COST about ten minutes on 2 idle cores. KILLS=N for another number.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { damageLast, endedAt, moments, readable, sameTables } from '../commands/kills.js'
import { coarsest, execute, infoflow, lastLine, small } from '../commands/process.js'
import { testIf } from '../skip.js'

const kills = Number(process.env.KILLS ?? 50)
/** Bytes: the run writes 37 MB, and tables beside the streams that they replace. */
const diskSize = 80_000_000
const folder = mkdtempSync(join(tmpdir(), 'infoflow-resume-'))
const disk = join(folder, 'disk')
mkdirSync(disk)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'tmpfs', disk]).status === 0
test.after(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(folder, { recursive: true, force: true })
})

const run = ['run', 'szt', '--seeds', '1..3', ...small, ...coarsest, '--epochs', '3000', '--measurements', '84']
const kept = ['--save-weights', '--save-replicas', '1']
const whole = join(folder, 'whole')

test('a run that nobody disturbs', async () => {
  const { code, stderr } = await execute([...infoflow, ...run, ...kept, '--out', whole], { cwd: folder, limit: 7200 })
  assert.is(code, 0, stderr)
})

test(`${kills} kills at random moments, every tenth with its last checkpoint damaged`, async () => {
  const random = moments(50)
  let [ended, runs] = [0, 1]
  for (let attempt = 0; ended < kills; attempt++) {
    const killed = join(folder, `killed-${runs}`)
    const begun = readRunRecord(killed)?.configuration_hash !== undefined
    const typed = begun ? ['run', killed, '--resume'] : [...run, ...kept, '--out', killed, '--resume']
    const interrupted = attempt % 7 === 6
    const end = {
      lines: Math.floor(3 * random()),
      later: random() / 2,
      signal: interrupted ? 'SIGINT' : 'SIGKILL',
    } as const
    const { signal, code, stderr } = await endedAt(folder, typed, end)
    if (code === 0) {
      // it came to its end between kills: the next one begins
      sameTables(killed, whole)
      runs++
      continue
    }
    if (interrupted) assert.is(code, 130, stderr)
    else assert.is(signal, 'SIGKILL', stderr)
    if (!interrupted) ended++
    readable(killed, whole)
    if (ended % 10 === 9) damageLast(killed)
    console.log(`kill ${ended}: ${/going on from .*|no checkpoint yet/.exec(stderr)?.[0] ?? 'from the start'}`)
  }
  const last = join(folder, `killed-${runs}`)
  const { code, stderr } = await execute([...infoflow, ...run, ...kept, '--out', last, '--resume'], {
    cwd: folder,
    limit: 7200,
  })
  assert.is(code, 0, stderr)
  sameTables(last, whole)
  console.log(`${runs} runs`)
})

testIf(mounted, 'no tmpfs may be mounted', test, 'a disk that fills up, and is freed each time', async () => {
  const [full, ballast] = [join(disk, 'full'), join(disk, 'ballast')]
  const step = 8_000_000
  let ends = 0
  for (let taken = diskSize - step; ; taken -= step) {
    assert.ok(taken > 0, 'there is no room for all of it')
    rmSync(ballast, { force: true })
    writeFileSync(ballast, Buffer.alloc(taken))
    const begun = readRunRecord(full)?.configuration_hash !== undefined
    const typed = begun ? ['run', full, '--resume'] : [...run, ...kept, '--out', full, '--resume']
    const { code, stderr } = await execute([...infoflow, ...typed], { cwd: folder, limit: 7200 })
    readable(full, whole)
    if (code === 0) break
    assert.is(code, 2, stderr)
    assert.match(lastLine(stderr), /^infoflow: .*the disk is full \(ENOSPC\)/)
    assert.is(stderr.match(/infoflow: /g)!.length, 1, stderr)
    ends++
    console.log(`full ${ends}: ${lastLine(stderr)}`)
  }
  assert.ok(ends > 1, `${ends} times full`)
  sameTables(full, whole)
})

test.run()
