// The library's one call: typed arrays in, rows out. On the f64 references, so that no adapter is needed.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { trainAndMeasure, type TypedArrayExperiment } from '../../src/experiments/train-and-measure.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { close } from '../close.js'

const test = suite('train and measure')

/** The 8 corners of a cube, labelled by their first coordinate. */
const cube: TypedArrayExperiment = {
  inputs: Float32Array.from({ length: 24 }, (_, i) => (Math.floor(i / 3) >> (i % 3)) & 1),
  labels: Uint32Array.from({ length: 8 }, (_, x) => x & 1),
  network: { layers: [layer(3), layer(2), { width: 2, activation: 'linear' }], noiseStd: 0.001 },
  training: { batchSize: 4, learningRate: 0.01 },
  measurement: { replicas: 8, ownReplicas: 8, batches: 8 },
  measureAt: [0, 2, 5],
}

test('rows at every measurement, for every hidden layer, and at the end of training', async () => {
  const training = { ...cube.training, epochs: 7 }
  const { information, training: rows } = await trainAndMeasure(new ReferenceMachine(), { ...cube, training })
  assert.equal(
    information.map((row) => [row.epoch, row.layer]),
    [
      [0, 1],
      [0, 2],
      [2, 1],
      [2, 2],
      [5, 1],
      [5, 2],
    ],
  )
  assert.equal(
    rows.map((row) => row.epoch),
    [0, 2, 5, 7],
  )
  const first = information.filter((row) => row.layer === 1)
  for (const { mi } of first) close(mi!, Math.log(8), 1e-4, 'I(X;T_1) of inputs far apart, in nats')
  assert.ok(rows.every(({ test_loss, train_loss }) => train_loss! > 0 && test_loss! > 0))
  assert.ok(rows[3].train_loss! < rows[0].train_loss!)
})

test('a machine may be used again, and the same seed gives the same rows', async () => {
  const machine = new ReferenceMachine()
  const [once, again] = [await trainAndMeasure(machine, cube), await trainAndMeasure(machine, cube)]
  const other = await trainAndMeasure(machine, { ...cube, seed: 2 })
  const numbers = ({ training, information }: typeof once) => [
    training,
    information.map((row) => ({ ...row, seconds: 0 })),
  ]
  assert.equal(numbers(again), numbers(once))
  assert.not.equal(numbers(other), numbers(once))
})

test('what is left out are the values of the paper; a row of a layer says how it was sampled', async () => {
  const { measurement: _, ...rest } = cube
  const { information, training } = await trainAndMeasure(new ReferenceMachine(), {
    ...rest,
    training: undefined,
    measureAt: [0],
  })
  assert.equal(
    training.map((row) => [row.epoch, row.learning_rate]),
    [
      [0, 4e-4],
      [1, 4e-4],
    ],
  )
  const { replicas, own_replicas, batches, queries } = information[1]
  assert.equal([replicas, own_replicas, batches, queries], [16, 1024, 16, 8 * 16])
})

test('a mistake is one line that names what was given', async () => {
  const { network, training, measurement } = cube
  const mistakes: [Partial<TypedArrayExperiment>, string][] = [
    [
      { labels: Uint32Array.of(0, 1, 2, 0, 0, 0, 0, 0) },
      'labels: 2 at 2, expected less than 2, the width of the last layer',
    ],
    [{ labels: new Uint32Array(0) }, 'labels: empty, expected one for each row of inputs'],
    [{ inputs: new Float32Array(25) }, 'inputs: 25 numbers, expected a multiple of 8, the labels: rows x width'],
    [{ inputs: new Float32Array(24).fill(NaN) }, 'inputs: NaN at 0, expected finite numbers'],
    [{ network: { ...network, noiseStd: -0.1 } }, `network.noiseStd: '-0.1' is not a number >= 0`],
    [{ network: { ...network, layers: [layer(2)] } }, 'network.layers: a list is not a list of 2 layers or more'],
    [{ measureAt: [3, 1] }, 'measureAt: measurement.epochs.1: 1 is not > 3, the one before it in this ascending list'],
    [{ measureAt: [] }, `measureAt: '[]' is not at least 1 epoch`],
    [{ training: { trainCount: 9 } }, 'training.trainCount: 9 is not <= 8, the inputs there are to train on'],
    [{ training: { ...training, learningRate: -1 } }, 'training.learningRate: -1 is not a number >= 0'],
    [
      { measurement: { ...measurement, replicas: 9 } },
      'measurement.replicas: 9 is not a multiple of measurement.batches, 8',
    ],
    [{ measurement: { layers: [3] } }, 'measurement.layers.0: 3 is not among the hidden layers, 1 to 2'],
  ]
  for (const [mistake, message] of mistakes) {
    const error = await trainAndMeasure(new ReferenceMachine(), { ...cube, ...mistake }).catch((caught) => caught)
    assert.instance(error, InputError, `${message}: ${error.stack}`)
    assert.is(error.message, message)
  }
})

test.run()

function layer(width: number) {
  return { width, activation: 'tanh' as const }
}
