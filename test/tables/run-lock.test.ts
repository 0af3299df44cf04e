// One process at a time in a run's folder: of this host by its number, of another one by its signs of life.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { RunLock } from '../../src/tables/run-lock.js'
import { scratchFolder } from './sample-run.js'

const scratch = scratchFolder(test)
const holder = fileURLToPath(new URL('lock-holder.ts', import.meta.url))
const times = { sign: 20, stale: 300 }
const locks = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('lock-'))

function begin(name: string): string {
  mkdirSync(join(scratch, name))
  return join(scratch, name)
}

/** A lock of a process on another machine, whose last sign was so many milliseconds ago. */
function elsewhere(folder: string, ago: number): string {
  const path = join(folder, 'lock-3.json')
  writeFileSync(path, JSON.stringify({ host: 'node7', pid: 7, place: 'another boot', began: '1' }))
  utimesSync(path, new Date(Date.now() - ago), new Date(Date.now() - ago))
  return path
}

async function refusal(folder: string): Promise<string> {
  const found = await RunLock.take(folder, times).catch((error: unknown) => error)
  assert.instance(found, InputError)
  return (found as Error).message
}

/** A process that takes the folder; what it says first. */
function take(folder: string, name?: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', holder, folder, ...(name ? [name] : [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Promise((done) => {
    child.stdout.once('data', (text: Buffer) => done({ child, said: text.toString().trim() }))
    child.once('exit', () => done({ child, said: 'ended' }))
  })
}

test('a folder is held until it is released', async () => {
  const folder = begin('held')
  const lock = await RunLock.take(folder, times)
  lock.hold()
  assert.equal(locks(folder), ['lock-1.json'])
  assert.match(
    await refusal(folder),
    RegExp(`held: process ${process.pid} on .* is writing here: expected one at a time`),
  )
  lock.release()
  assert.equal(locks(folder), [])
  ;(await RunLock.take(folder, times)).release()
})

test('a process that was killed is known to be gone at once; one that lives is not', async () => {
  const folder = begin('killed')
  const { child, said } = await take(folder)
  assert.is(said, 'taken')
  assert.match(await refusal(folder), RegExp(`process ${child.pid} on `))
  child.kill('SIGKILL')
  await new Promise((done) => child.once('exit', done))
  const lock = await RunLock.take(folder, { sign: 20, stale: 1e9 })
  assert.equal(locks(folder), ['lock-2.json'], 'the next number, and the stale one is gone')
  lock.release()
})

test('of eight processes that want a stale lock one has it, and it alone writes', async () => {
  const folder = begin('race')
  const { child: first } = await take(folder)
  first.kill('SIGKILL')
  await new Promise((done) => first.once('exit', done))
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) => take(folder, `${i}`)))
  const taken = all.filter(({ said }) => said === 'taken')
  await setTimeout(100)
  for (const { child } of all) child.kill('SIGKILL')
  assert.ok(taken.length <= 1, `${taken.length} have it`)
  const writers = existsSync(join(folder, 'written')) ? readFileSync(join(folder, 'written'), 'utf8').split('\n') : []
  assert.ok(new Set(writers.filter(Boolean)).size <= 1, [...new Set(writers)].join())
})

test('the lock of another machine is waited for: taken over when no sign comes, refused when one does', async () => {
  const folder = begin('elsewhere')
  const path = elsewhere(folder, 100)
  const start = performance.now()
  const lock = await RunLock.take(folder, times)
  assert.ok(performance.now() - start >= 150, 'two thirds of the time until it is stale were left')
  assert.not(existsSync(path))
  assert.equal(locks(folder), ['lock-4.json'])
  lock.release()
  elsewhere(folder, 100)
  void setTimeout(60).then(() => utimesSync(path, new Date(), new Date()))
  assert.match(await refusal(folder), /elsewhere: process 7 on node7 is writing here/)
})

test('a process that was late stops where another one has taken over', async () => {
  const folder = begin('late')
  const lock = await RunLock.take(folder, { sign: 1e9, stale: 100 })
  lock.hold()
  elsewhere(folder, 0)
  lock.hold()
  await setTimeout(50)
  assert.throws(() => lock.hold(), /late: another process has taken over, as this one gave no sign of life: nothing/)
  assert.ok(lock.lost)
  lock.release()
  assert.ok(existsSync(join(folder, 'lock-3.json')), "the other one's stays")
})

test.run()
