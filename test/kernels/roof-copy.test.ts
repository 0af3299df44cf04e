// A copy, so nothing may differ at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { roofCopy } from '../../src/kernels/roof-copy.js'
import { compare, openMachine } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('every vector of the part is copied, whoever copies it, and no other', async () => {
  for (const [first, vectors, invocations] of [
    [0, 1, 1],
    [0, 64, 64],
    [3, 65, 64],
    [64, 300, 257],
    [1, 5, 300],
  ]) {
    const length = 4 * (first + vectors + 2)
    const buffers = { source: uniform(length, 1), results: uniform(length, 2) }
    await compare(machine, roofCopy, { params: { first, vectors, invocations }, buffers }, { results: 0 })
  }
})

test('its work: 16 bytes read and 16 written a vector', () => {
  assert.is(roofCopy.work({ first: 0, vectors: 10, invocations: 3 }, {}).bytes, 320)
})

test.run()
