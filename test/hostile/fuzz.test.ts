// Fifty damaged files for each reader, read by processes that may use 1 GiB: every one is read whole or refused in one line. Five
// hundred each: test/long/fuzz.test.ts.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { execute, infoflow, scratch } from '../commands/process.js'
import { fixture } from '../samples/example-samples.js'
import { fuzzed, mostMemory, mostSeconds } from './fuzz.js'
import { mutated } from './mutate.js'
import { subjects } from './subjects.js'

const folder = scratch(test)

test('fifty damaged files for each reader', async () => {
  const { findings, counts, memory } = await fuzzed(50)
  assert.equal(findings, [])
  assert.ok(memory <= mostMemory, `${memory} bytes`)
  for (const { name } of subjects) {
    const { read, refused, seconds } = counts.get(name)!
    assert.is(read + refused, 50, name)
    assert.ok(refused > 0, `${name}: some damage is seen`)
    assert.ok(seconds <= mostSeconds, `${name}: ${seconds} s`)
  }
})

test('damage is the same every time, and another one for another number', () => {
  const bytes = readFileSync(fixture('s.npy'))
  assert.equal(mutated(bytes, 1, 2), mutated(bytes, 1, 2))
  assert.not.equal(mutated(bytes, 1, 2), mutated(bytes, 1, 3))
})

test('a damaged file leaves no table behind, and no part of one', async () => {
  const bytes = readFileSync(fixture('pyarrow.arrows'))
  writeFileSync(join(folder, 'cut.arrows'), bytes.subarray(0, bytes.length - 100))
  const words = ['estimate', 'cut.arrows', '--noise-std', '0', '--out', 'answers.arrow']
  const { code, stdout, stderr } = await execute([...infoflow, ...words], { cwd: folder })
  assert.equal([code, stdout], [2, ''], stderr)
  assert.match(stderr, /^infoflow: cut\.arrows: an Arrow stream cut at byte \d+, after \d+ whole rows: [^\n]+\n$/)
  assert.equal(readdirSync(folder), ['cut.arrows'])
  assert.not.ok(existsSync(join(folder, 'answers.arrow')))
})

test.run()
