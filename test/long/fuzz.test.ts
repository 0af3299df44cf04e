// Five hundred damaged files for each reader; what they must not do is said in test/hostile/fuzz.test.ts.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fuzzed } from '../hostile/fuzz.js'

test('five hundred damaged files for each reader', async () => {
  const { findings, counts, memory } = await fuzzed(500)
  for (const [name, { read, refused, seconds }] of counts)
    console.log(`${name}: ${read} read, ${refused} refused, at most ${seconds.toFixed(3)} s`)
  console.log(`at most ${(memory / 2 ** 20).toFixed(0)} MiB`)
  assert.equal(findings, [])
})

test.run()
