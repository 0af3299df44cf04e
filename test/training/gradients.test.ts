// Backpropagation against differences of the loss itself: an f64 forward pass written here from METHOD 1, with the same noise.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { gaussians } from '../../src/math/gaussian.js'
import { philox4x32, seedKey } from '../../src/math/philox.js'
import { initialParameters, parameterLayout } from '../../src/network/parameters.js'
import { streams } from '../../src/network/plans.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { close } from '../close.js'
import { boundsOf, freshState, oneStep } from './one-step.js'
import { paperSetup, smallSetup } from './setups.js'

const gpu = new GpuMachine(await openDevice())
test.after(() => gpu.destroy())

/** A small network trained on `rows` inputs, in one batch of 16. */
function small(rows: number, noiseStd = 0.3, seed = 1): TrainingSetup {
  const setup = smallSetup(seed)
  return { ...setup, network: { ...setup.network, noiseStd }, training: { ...setup.training, trainCount: rows } }
}

/** Mean loss of the first batch, in f64. */
function plainLoss(
  { network, data, seeds }: TrainingSetup,
  parameters: Float64Array,
  order: ArrayLike<number>,
): number {
  const { layers } = parameterLayout(network)
  let total = 0
  for (let row = 0; row < order.length; row++) {
    let x = Array.from(data.inputs.subarray(order[row] * data.width, (order[row] + 1) * data.width))
    layers.forEach(({ inputs, outputs, weightsAt, biasAt }, index) => {
      const weight = (o: number, i: number) => parameters[weightsAt + o * inputs + i]
      const sums = Array.from({ length: outputs }, (_, o) =>
        x.reduce((u, xi, i) => u + weight(o, i) * xi, parameters[biasAt + o]),
      )
      const isLast = index === layers.length - 1
      x = isLast
        ? sums
        : sums.map((u, o) => Math.tanh(u) + network.noiseStd * normal(seeds[0], index + 1, row, o, outputs))
    })
    const label = data.labels[order[row]]
    total += Math.log(x.reduce((sum, logit) => sum + Math.exp(logit - x[label]), 0))
  }
  return total / order.length
}

/** The noise of a layer in step 0: four columns of a row are one block. */
function normal(seed: number, layer: number, row: number, column: number, width: number): number {
  const block = row * Math.ceil(width / 4) + (column >> 2)
  return gaussians(philox4x32([block, layer, 0, streams.trainingNoise], seedKey(seed)))[column & 3]
}

/** Central differences: off by about h^2 of third derivatives and 2^-52 / h, 1e-9 in all for losses of order 1. */
function difference(setup: TrainingSetup, parameters: Float32Array, order: ArrayLike<number>, i: number): number {
  const h = 1e-5
  const lossAt = (at: number) => plainLoss(setup, Float64Array.from(parameters).fill(at, i, i + 1), order)
  return (lossAt(parameters[i] + h) - lossAt(parameters[i] - h)) / (2 * h)
}

/** Every `nth` gradient of the first step is that of the loss; how far off it may be, over the largest. */
async function check(setup: TrainingSetup, nth = 1): Promise<number> {
  const initial = initialParameters(setup.network, setup.seeds[0])
  const after = await oneStep(new ReferenceMachine(), setup)
  const { 'train.gradients': bounds } = boundsOf(setup, after, freshState(setup))
  const chosen = (_: number, i: number) => i % nth === 0
  const places = Array.from(initial, (_, i) => i).filter(chosen)
  const exact = places.map((i) => difference(setup, initial, after['train.order'], i))
  const allowed = bounds.filter(chosen).map((bound) => bound + 1e-8)
  close(after['train.gradients'].filter(chosen), exact, allowed, `gradients of ${setup.training.trainCount} rows`)
  return Math.max(...allowed) / Math.max(...exact.map(Math.abs))
}

test('gradients of every parameter are those of the loss', async () => {
  for (const setup of [small(16), small(16, 0), small(16, 0.3, 2)]) {
    const bar = await check(setup)
    assert.ok(bar < 1e-4, `the bar is a sharp one: ${bar}`)
  }
})

test('a batch that is not full: the mean is over the rows there are', async () => {
  for (const rows of [1, 5, 15]) await check(small(rows))
})

test('205 rows of 256: what the last batch of the paper does', async () => {
  await check(paperSetup(205), 13)
})

test('gradients of device and references agree, full batch or not', async () => {
  for (const setup of [small(16), small(5), paperSetup(256), paperSetup(205)]) {
    const expected = await oneStep(new ReferenceMachine(), setup)
    const { 'train.gradients': bounds } = boundsOf(setup, expected, freshState(setup))
    const found = await oneStep(gpu, setup)
    close(found['train.gradients'], expected['train.gradients'], bounds, `${setup.training.trainCount} rows`)
  }
})

test('initial weights and biases are what the trainer starts from', async () => {
  const setup = { ...small(16), training: { ...small(16).training, learningRate: 0 } }
  for (const path of ['fused', 'per-layer'] as const) {
    const trainer = await Trainer.create(new ReferenceMachine(), setup, { path })
    trainer.startEpochs(1)
    assert.equal(await trainer.parameters(), initialParameters(setup.network, setup.seeds[0]))
  }
})

test.run()
