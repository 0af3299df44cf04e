// Takes the folder named, says so, and holds it until it is ended; with a second word it counts its writes into a file there.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunLock } from '../../src/tables/run-lock.js'

const [, , folder, name] = process.argv
try {
  const lock = await RunLock.take(folder, { sign: 50, stale: 600 })
  process.stdout.write('taken\n')
  setInterval(() => {
    lock.hold()
    if (name) appendFileSync(join(folder, 'written'), `${name}\n`)
  }, 5)
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`)
}
