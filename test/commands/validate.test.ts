/** infoflow validate: its page, its mistakes, and a validation from the first line to the last. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mistake, scratch, succeed } from './process.js'

const folder = scratch(test)

test('its help says what it does, what it writes, and how it can end', async () => {
  const { stdout } = await succeed(folder, 'validate', '--help')
  for (const part of ['--quick', '--repetitions', '--json', '--adapter', 'in nats', 'Writes nothing', '3 a check']) {
    assert.ok(stdout.replace(/\s+/g, ' ').includes(part), part)
  }
})

test('repetitions that are no number, and adapters that are not there, are told before anything is computed', async () => {
  const notWhole = /^infoflow: --repetitions: '-3' is not a whole number from 0 to 999999$/
  assert.match(await mistake(folder, 'validate', '--repetitions', '-3'), notWhole)
  assert.match(await mistake(folder, 'validate', '--repetitions', 'many'), /'many' is not a whole number/)
  assert.match(await mistake(folder, 'validate', '--adapter', 'no such'), /adapter/)
})

test.run()
