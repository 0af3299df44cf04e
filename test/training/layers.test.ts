// Networks of every kind of layer, activation and loss: gradients against differences of an f64 loss written independently, and the
// device against the references.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { Activation, LayerSpec, NetworkSpec } from '../../src/network/network.js'
import { initialParameters, parameterLayout } from '../../src/network/parameters.js'
import type { Machine } from '../../src/plan.js'
import type { TrainingOptions } from '../../src/training/options.js'
import { movedParameters } from '../../src/training/step-plan.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { uniform, whole } from '../kernels/samples.js'
import { plainLoss } from './plain-network.js'
import { adamOptions } from './setups.js'

const gpu = new GpuMachine(await openDevice())
test.after(() => gpu.destroy())

const shape = [2, 9, 7] as const
const width = shape[0] * shape[1] * shape[2]

/** Pictures of 2 x 9 x 7 of three classes. */
function setupOf(layers: LayerSpec[], training: Partial<TrainingOptions> = {}, rows = 6): TrainingSetup {
  const network: NetworkSpec = { inputWidth: width, inputShape: shape, layers, noiseStd: 0.1 }
  const inputs = uniform(8 * width, 5, -1, 1)
  const data = {
    name: 'pictures',
    count: 8,
    width,
    shape,
    classes: 3,
    enumerated: true,
    inputs,
    labels: whole(8, 3, 3),
  }
  return {
    seeds: [3],
    data,
    network,
    training: { epochs: 9, batchSize: 6, trainCount: rows, ...adamOptions, ...training },
  }
}

const activation = (name: Activation) => ({ activation: name })

const picture: LayerSpec[] = [
  { type: 'conv2d', channels: 3, kernel: 3, padding: 1, ...activation('tanh') },
  { type: 'max-pool', size: 2, noiseStd: 0.05 },
  { type: 'conv2d', channels: 4, kernel: 2, stride: 2, padding: 1, ...activation('leaky-relu'), noiseStd: 0 },
  { type: 'dropout', rate: 0.3 },
  { type: 'flatten' },
  { width: 5, ...activation('sigmoid') },
  { width: 3, ...activation('linear') },
]

const averaged: LayerSpec[] = [
  { type: 'average-pool', size: 2 },
  { type: 'conv2d', channels: 2, kernel: 2, ...activation('relu') },
  { width: 4, ...activation('linear') },
  { type: 'dropout', rate: 0.5 },
  { width: 3, ...activation('linear') },
]

const dropped: LayerSpec[] = [
  { type: 'dropout', rate: 0.25 },
  { width: 3, ...activation('linear') },
]

/** What a step leaves of the network, on a machine that is empty again. */
async function stepOn(machine: Machine, setup: TrainingSetup) {
  const trainer = await Trainer.create(machine, setup, { path: 'per-layer' })
  trainer.startEpochs(1)
  const gradients = await machine.read('train.gradients')
  const order = (await machine.read('train.order')) as Uint32Array
  const parameters = await trainer.parameters()
  const { trainLoss } = await trainer.evaluate()
  machine.release()
  return { gradients, order, parameters, trainLoss }
}

/** Largest difference, as a part of the largest value. */
function apart(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = Math.max(...Array.from(expected, Math.abs))
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]))) / largest
}

test('gradients of convolutions, pools, dropout and every activation are those of the loss, for both losses', async () => {
  for (const layers of [picture, averaged, dropped]) {
    for (const loss of ['cross-entropy', 'mse'] as const) {
      for (const rows of [6, 4]) {
        const setup = setupOf(layers, { loss }, rows)
        const { gradients, order } = await stepOn(new ReferenceMachine(), setup)
        const initial = Float64Array.from(initialParameters(setup.network, 3))
        const h = 1e-6
        const lossAt = (i: number, by: number) => plainLoss(setup, initial.with(i, initial[i] + by), order)
        const every = Math.max(1, Math.floor(initial.length / 60))
        const places = [...initial.keys()].filter((i) => i % every === 0)
        const exact = places.map((i) => (lossAt(i, h) - lossAt(i, -h)) / (2 * h))
        // buffers between commands are f32: some ten roundings of values of the size of the largest
        assert.ok(
          !(
            apart(
              places.map((i) => gradients[i]),
              exact,
            ) > 2e-5
          ),
          `${loss}, ${rows} rows: ${apart(
            places.map((i) => gradients[i]),
            exact,
          )}`,
        )
      }
    }
  }
})

test('device and references agree on gradients, on the step and on the loss after it', async () => {
  for (const layers of [picture, averaged]) {
    for (const training of [
      {},
      { optimiser: 'sgd', momentum: 0.9, learningRate: 0.1, loss: 'mse', weightDecay: 0.01 },
    ] as const) {
      const setup = setupOf(layers, training)
      const expected = await stepOn(new ReferenceMachine(), setup)
      const found = await stepOn(gpu, setup)
      assert.ok(!(apart(found.gradients, expected.gradients) > 2e-5), `${apart(found.gradients, expected.gradients)}`)
      assert.ok(!(Math.abs(found.trainLoss! - expected.trainLoss!) > 1e-5), `${found.trainLoss}, ${expected.trainLoss}`)
    }
  }
})

test('orthonormal weights and normalised ones: device and references agree, and weights are what they should be', async () => {
  const layers: LayerSpec[] = [
    { type: 'conv2d', channels: 3, kernel: 2, ...activation('tanh') },
    { width: 4, ...activation('tanh') },
    { width: 3, ...activation('linear') },
  ]
  for (const training of [
    { orthonormal: 0.1 },
    { weightNorm: true },
    { weightNorm: true, optimiser: 'sgd', learningRate: 0.1 },
  ] as const) {
    const setup = setupOf(layers, training)
    const found = await stepOn(gpu, setup)
    const expected = await stepOn(new ReferenceMachine(), setup)
    assert.ok(!(apart(found.parameters, expected.parameters) > 1e-5), `${apart(found.parameters, expected.parameters)}`)
  }
})

test('weight normalisation starts from the same network, and its first gradients are those of the loss', async () => {
  const layers: LayerSpec[] = [
    { width: 4, ...activation('tanh') },
    { width: 3, ...activation('linear') },
  ]
  const setup = setupOf(layers, { weightNorm: true })
  const machine = new ReferenceMachine()
  const trainer = await Trainer.create(machine, setup, { path: 'per-layer' })
  assert.equal(await trainer.parameters(), initialParameters(setup.network, 3))
  trainer.startEpochs(1)
  const moved = (await machine.read('train.moved-gradients')) as Float32Array
  const { count } = parameterLayout(setup.network)
  const raw = movedParameters(setup.network, setup.training, initialParameters(setup.network, 3))
  const order = (await machine.read('train.order')) as Uint32Array
  const lossOf = (values: Float64Array) => plainLoss(setup, normalised(setup.network, values, count), order)
  const h = 1e-6
  const start = Float64Array.from(raw)
  const places = [...start.keys()].filter((i) => i % 7 === 0 || i >= count)
  const exact = places.map((i) => (lossOf(start.with(i, start[i] + h)) - lossOf(start.with(i, start[i] - h))) / (2 * h))
  assert.ok(
    !(
      apart(
        places.map((i) => moved[i]),
        exact,
      ) > 2e-5
    ),
  )
})

/** Weights from directions and gains. */
function normalised(network: NetworkSpec, values: Float64Array, count: number): Float64Array {
  const parameters = values.slice(0, count)
  let gain = count
  for (const { inputs, outputs, weightsAt } of parameterLayout(network).layers) {
    for (let o = 0; o < outputs; o++, gain++) {
      const row = parameters.subarray(weightsAt + o * inputs, weightsAt + (o + 1) * inputs)
      const norm = Math.hypot(...row)
      row.forEach((v, i) => (row[i] = (values[gain] * v) / norm))
    }
  }
  return parameters
}

test.run()
