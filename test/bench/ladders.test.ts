/** Every ladder at its smallest: all rungs agree with their references, peers too where they are installed, and nothing is left behind. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { climb } from '../../src/bench/climb.js'
import type { Ladder } from '../../src/bench/ladder.js'
import { convolutionLadder, denseLadder } from '../../src/bench/layers.js'
import { pairSums } from '../../src/bench/pair-sums.js'
import { pruningLadder } from '../../src/bench/pruning.js'
import { scaling } from '../../src/bench/scaling.js'
import { trainedLayers } from '../../src/bench/trained.js'
import { trainingLadder } from '../../src/bench/training.js'
import { openMachine } from '../../src/machine/open.js'
import { paperSetup, smallSetup } from '../training/setups.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const effort = { rounds: 1, seconds: 1, shortest: 0 }

async function climbed(ladder: Ladder) {
  const rows = await climb(ladder, effort)
  await ladder.close()
  for (const { rung, status, error_share, speedup, note } of rows) {
    if (status === 'absent') console.log(`${ladder.name}: ${rung}: ${note}`)
    else {
      assert.is(status, 'timed', rung)
      assert.ok(error_share === null || error_share <= 1, `${rung}: ${error_share}`)
      assert.ok(speedup! > 0, rung)
    }
  }
  return rows
}

test('full sums', async () => {
  const rows = await climbed(await pairSums(machine, 128, 3))
  const names = [
    'naive',
    'four to a vector',
    'in registers',
    'tile-sums',
    'whole sum',
    'PyTorch',
    'scikit-learn',
    'jax-js',
  ]
  assert.equal(rows.map(({ rung }) => rung).sort(), names.sort())
})

test('layers', async () => {
  await climbed(await denseLadder(machine, 5, 33, 20))
  await climbed(await denseLadder(machine, 5, 4, 3))
  const shape = { channels: 2, height: 5, width: 6, filters: 3, kernel: 3, stride: 1, padding: 1 }
  await climbed(await convolutionLadder(machine, 2, shape))
})

test('training', async () => {
  const setup = paperSetup(256)
  const rows = await climbed(await trainingLadder(machine, setup))
  assert.equal(
    rows.filter(({ error_share }) => error_share === null).map(({ rung }) => rung),
    ['PyTorch'],
  )
})

test('pruned sums beside full ones, and what they cost against centers', async () => {
  const layers = await trainedLayers(machine, smallSetup(), 3, 8)
  assert.equal(
    layers.map(({ samples }) => samples.count),
    [192, 192],
  )
  for (const scene of layers) await climbed(await pruningLadder(machine, scene, 192))
  const plan = { queries: 24, most: 96, mostInFull: 48, repetitions: 1 }
  const rows = await scaling(machine, layers, plan)
  assert.equal(
    rows.map(({ layer, centers, method }) => `${layer} ${centers} ${method}`),
    [1, 2].flatMap((layer) =>
      ['24 pruned', '24 full', '48 pruned', '48 full', '96 pruned'].map((one) => `${layer} ${one}`),
    ),
  )
  assert.ok(rows.every(({ method, pairs_share }) => method === 'pruned' || pairs_share === 1))
})

test.run()
