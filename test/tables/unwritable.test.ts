import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { takeRunFolder } from '../../src/tables/run-folder.js'
import { TableWriter } from '../../src/tables/stream.js'
import { trainingSchema } from '../../src/tables/schema.js'
import { testIf } from '../skip.js'
import { metadata, scratchFolder } from './sample-run.js'

const scratch = scratchFolder(test)
const nobody = 65_534
const hasUsers = process.platform !== 'win32'

/** The administrator may write everywhere, so it does this as nobody. */
function unprivileged(what: () => void): void {
  const administrator = process.geteuid!() === 0
  if (administrator) process.seteuid!(nobody)
  try {
    what()
  } finally {
    if (administrator) process.seteuid!(0)
  }
}

const refuses = (what: () => unknown, pattern: RegExp) =>
  assert.throws(what, (error: Error) => error instanceof InputError && pattern.test(error.message))

testIf(hasUsers, 'no file permissions here', test, 'a folder that may not be written to: one line', () => {
  const locked = join(scratch, 'locked')
  mkdirSync(locked)
  chmodSync(scratch, 0o755)
  chmodSync(locked, 0o555)
  const denied = 'no permission \\(EACCES\\); choose another folder with --out DIR$'
  unprivileged(() => {
    refuses(
      () => takeRunFolder({ experiment: 'szt', out: locked }),
      RegExp(`locked/run.json: cannot create: ${denied}`),
    )
    refuses(() => takeRunFolder({ experiment: 'szt', root: locked }), RegExp(`szt-001: .* the folder: ${denied}`))
    refuses(() => new TableWriter(join(locked, 'a.arrows'), trainingSchema(metadata)), RegExp(`the table: ${denied}`))
  })
})

test.run()
