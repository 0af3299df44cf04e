// A copy, so nothing may differ at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { roofCopy } from '../../src/kernels/roof-copy.js'
import { compare, f32, openMachine } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('every vector is copied, whoever copies it', async () => {
  for (const [vectors, invocations] of [
    [1, 1],
    [64, 64],
    [65, 64],
    [300, 257],
    [5, 300],
  ]) {
    const buffers = { source: uniform(4 * vectors, 1), results: f32(4 * vectors) }
    await compare(machine, roofCopy, { params: { vectors, invocations }, buffers }, { results: 0 })
  }
})

test('its work: 16 bytes read and 16 written a vector', () => {
  assert.is(roofCopy.work({ vectors: 10, invocations: 3 }, {}).bytes, 320)
})

test.run()
