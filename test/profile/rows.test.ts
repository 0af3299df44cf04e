// What a profile says of kernels and phases, held to a profile by hand; and work that is counted by what the lists held.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { propagate, propagateConstants } from '../../src/kernels/propagate.js'
import { tileConstants, tileSums } from '../../src/kernels/tile-sums.js'
import { trainConstants, trainSteps, type FusedChoices } from '../../src/kernels/train-steps.js'
import type { TimedDispatch } from '../../src/machine/pass-timer.js'
import { kernelRows } from '../../src/profile/kernel-rows.js'
import { phaseRows } from '../../src/profile/phase-rows.js'
import { onHostClock, shortened, stepsOf } from '../../src/profile/profile.js'
import { profileText } from '../../src/profile/text.js'
import type { Experiment } from '../../src/scheduler.js'
import { close } from '../close.js'
import { profileOf } from './sample-profile.js'

test('a kernel: times over its dispatches, rates over their total, the roof of what takes longest', () => {
  const { dispatches, roof } = profileOf()
  const [row] = kernelRows(dispatches, roof)
  assert.equal([row.kernel, row.calls, row.share, row.bytes, row.bound], ['roof-copy', 3, 1, 3 * 64, 'bytes'])
  close([row.total_seconds, row.median_seconds], [0.0045, 0.001], 1e-12, 'seconds')
  close([row.bytes_per_second, row.roof_share], [192 / 0.0045, 192 / 1e6 / 0.0045], 1e-6, 'rates')
})

test('phases: the device, uploads and readbacks meanwhile, each counted once where they overlap', () => {
  const [training, measuring, ...none] = phaseRows(profileOf())
  assert.equal([none.length, training.phase, measuring.phase], [0, 'training', 'measuring'])
  const { seconds, device, submitting, uploading, reading } = training
  close([seconds, device, submitting, uploading, reading], [0.01, 0.0025, 0.002, 0.001, 0], 1e-9, 'training')
  close([measuring.seconds, measuring.device, measuring.reading], [0.02, 0.002, 0.008], 1e-9, 'measuring')
  assert.equal([measuring.readbacks, measuring.read], [2, 1000])
})

test('the tables are 80 columns wide, and say what profiling costs and what no phase has', () => {
  const profile = profileOf()
  const phases = phaseRows(profile)
  const text = profileText(profile, kernelRows(profile.dispatches, profile.roof), phases)
  assert.ok(Math.max(...text.split('\n').map((line) => line.length)) <= 80, text)
  assert.match(text, 'training took 1.25 times as long as unprofiled (0.01 s)')
  assert.match(text, 'measuring took 2.00 times')
  assert.match(text, 'wall-clock time 0.03 s, 3.2 % of it in no phase')
})

test("the device's clock is moved so that nothing begins before it was encoded, and something at once", () => {
  const command = profileOf().dispatches[0].command
  const times = [
    [100, 5, 8],
    [103, 9, 10],
  ].map(([encoded, begin, end]) => ({ command, encoded, begin, end }))
  assert.equal(
    onHostClock(times).map(({ begin, end }: TimedDispatch) => [begin, end]),
    [
      [100, 103],
      [104, 105],
    ],
  )
})

test('steps: an epoch of fewer inputs, or epochs of equal length', () => {
  const training = { trainCount: 3277, batchSize: 256 }
  const of = (steps: number) => shortened({ training } as Experiment, steps)
  const told = [1, 12, 13, 14, 26, 200].map((steps) => [stepsOf(of(steps)), of(steps).training.epochs])
  assert.equal(told, [
    [1, 1],
    [12, 1],
    [13, 1],
    [14, 2],
    [26, 2],
    [208, 16],
  ])
  assert.equal(of(14).measuredEpochs, [2])
})

test('tile sums: pairs are those of the centers listed, slots without a query among them', () => {
  const shape = { dimension: 3, columns: 2, split: false, weighted: false, others: true, labelled: true }
  const params = { blocks: 4, capacity: 32, scale: 1 }
  const work = tileSums.work(params, tileConstants(shape), { centers: 100, nodes: 0 })
  assert.equal([work.pairs, work.exps, work.flops], [3200, 3200, 3200 * (4 * 3 + 3)])
  assert.is(tileSums.work(params, tileConstants(shape)).pairs, 4 * 32 * 64)
})

const layers = [
  { inputs: 12, outputs: 10, weights_at: 0, bias_at: 120, linear: false, noise_std: 0.1 },
  { inputs: 10, outputs: 2, weights_at: 130, bias_at: 150, linear: true, noise_std: 0 },
]

test('train-steps: the work of the kernels that it stands for, of every row and step', () => {
  const choices: FusedChoices = {
    ...{ activation: 'tanh', optimiser: 'adam', loss: 'cross-entropy', orthonormal: false, weightNorm: false },
    gradientFloats: 512,
  }
  const rates = { beta1: 0, beta2: 0, one_minus_beta1: 1, one_minus_beta2: 1, epsilon: 0, momentum: 0, weight_decay: 0 }
  const params = { networks: 2, steps: 5, order_length: 1000, stream: 0, ...rates, orthonormal_rate: 0 }
  const { flops, exps } = trainSteps.work(params, trainConstants(layers, choices))
  const forward = 2 * 10 * 13 + 2 * 2 * 11
  const row = 2 * forward + 2 * 2 * 10 + 3 * 10 + 60 * 10 + 5 * 2
  assert.is(flops, 2 * (1000 * row + 5 * 14 * 152))
  assert.is(exps, 2 * (1000 * (10 + 10 + 2 * 2) + 5 * 152))
})

test('propagate: noise only where there is some, no activation behind a linear layer', () => {
  const given = layers.map((layer) => ({ ...layer, kept: true }))
  const params = { rows: 100, repeat: 10, source_first: 0, first_row: 0, first_layer: 1, stream: 0 }
  const { flops, exps, bytes } = propagate.work(params, propagateConstants(given, 'tanh'))
  assert.is(flops, 100 * (60 * 12 + 2 * 10 * 13 + 2 * 2 * 11))
  assert.is(exps, 100 * (12 + 10))
  assert.is(bytes, 4 * (100 * 12 + 10 * 12 + 152))
})

test.run()
