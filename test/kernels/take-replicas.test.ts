// Copies only, so nothing may differ at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { takeReplicas } from '../../src/kernels/take-replicas.js'
import { close } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Shape {
  inputs: number
  all?: number
  first_input?: number
  batches: number
  share: number
  own_share: number
  width: number
}

function chunk({ inputs, all = inputs, first_input = 0, batches, share, own_share, width }: Shape) {
  const own = uniform(inputs * batches * own_share * width, 1)
  const params = { inputs, first_input, batches, share, own_share, width }
  return { params, buffers: { own, centers: f32(all * batches * share * width) } }
}

const check = (shape: Shape) => compare(machine, takeReplicas, chunk(shape), { centers: 0 })

test('the first replicas of every batch, in all sizes', async () => {
  await check({ inputs: 1, batches: 1, share: 1, own_share: 1, width: 1 })
  await check({ inputs: 4, batches: 4, share: 1, own_share: 4, width: 4 })
  await check({ inputs: 5, batches: 13, share: 1, own_share: 3, width: 1 })
  await check({ inputs: 8, batches: 16, share: 2, own_share: 16, width: 10 })
  await check({ inputs: 3, batches: 8, share: 3, own_share: 3, width: 5 })
})

test('more than there are: cycled, as often as it takes', async () => {
  await check({ inputs: 3, batches: 2, share: 5, own_share: 2, width: 3 })
  await check({ inputs: 7, batches: 1, share: 16, own_share: 1, width: 10 })
  const one = chunk({ inputs: 1, batches: 1, share: 5, own_share: 2, width: 1 })
  const [a, b] = one.buffers.own
  await compare(machine, takeReplicas, one, { centers: 0 })
  for (const { actual } of await runBoth(machine, takeReplicas, one)) assert.equal([...actual.centers], [a, b, a, b, a])
})

test('a chunk fills its own inputs and no others', async () => {
  const one = chunk({ inputs: 4, all: 12, first_input: 4, batches: 2, share: 2, own_share: 8, width: 7 })
  const run = 2 * 2 * 7
  for (const { actual, expected } of await runBoth(machine, takeReplicas, one)) {
    const written = Array.from(actual.centers, (value) => !Number.isNaN(value))
    assert.equal(
      written,
      Array.from({ length: 12 * run }, (_, i) => i >= 4 * run && i < 8 * run),
    )
    close(actual.centers.slice(4 * run, 8 * run), expected.centers.slice(4 * run, 8 * run), 0, 'the chunk')
  }
})

test.run()
