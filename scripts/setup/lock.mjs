// One set-up at a time for each clone: two `npm ci` in one folder would delete each other's packages. The lock lies
// outside node_modules (which `npm ci` empties) and outside the clone (which it would litter when a run is killed).
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Calls `work` while no other set-up of `root` runs; waits for one that does. A lock whose owner is gone is taken. */
export function withLock(root, say, work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const file = join(tmpdir(), `infoflow-setup-${name}.lock`)
  for (let turn = 0; !take(file); turn++) {
    if (turn === 0) say('waiting for another set-up of this folder to finish')
    sleep(200)
  }
  try {
    work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    removeIfStale(file)
    return false
  }
}

function removeIfStale(file) {
  try {
    const owner = Number(readFileSync(file, 'utf8'))
    if (owner > 0 && !isAlive(owner)) rmSync(file)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
