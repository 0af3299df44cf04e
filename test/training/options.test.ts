// Every activation and option that the fused path takes: ten losses are those of the per-layer path and of the references.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { activations, type Activation, type LayerSpec } from '../../src/network/network.js'
import { initialParameters } from '../../src/network/parameters.js'
import type { TrainingOptions } from '../../src/training/options.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { trainingPath } from '../../src/training/fused.js'
import { close, rounding } from '../close.js'
import { oneStep, tenLosses } from './one-step.js'
import { smallSetup } from './setups.js'

const gpu = new GpuMachine(await openDevice())
test.after(() => gpu.destroy())

/** The small network with other activations, noises or training, on one batch of 16. */
function changed(activation: Activation, training: Partial<TrainingOptions> = {}, noises?: number[]): TrainingSetup {
  const setup = smallSetup()
  const layers = setup.network.layers.map((layer, l): LayerSpec => {
    const last = l === setup.network.layers.length - 1
    return {
      ...layer,
      activation: last ? 'linear' : activation,
      ...(noises && !last ? { noiseStd: noises[l] } : {}),
    } as LayerSpec
  })
  const epochs = { epochs: 10, trainCount: 16 }
  return { ...setup, network: { ...setup.network, layers }, training: { ...setup.training, ...epochs, ...training } }
}

const sgd = { optimiser: 'sgd', learningRate: 0.05 } as const

const setups: Record<string, TrainingSetup> = {
  ...Object.fromEntries(activations.map((name) => [name, changed(name)])),
  'a noise for each layer': changed('tanh', {}, [0.4, 0]),
  'mean squared error': changed('tanh', { loss: 'mse' }),
  'weight decay': changed('sigmoid', { weightDecay: 0.1, learningRate: 1e-3 }),
  'stochastic gradient descent': changed('tanh', sgd),
  'momentum and decay': changed('leaky-relu', { ...sgd, momentum: 0.9, weightDecay: 0.01 }),
  'cosine schedule': changed('tanh', { ...sgd, schedule: 'cosine', finalLearningRate: 0.01 }),
  'geometric schedule': changed('tanh', { schedule: 'geometric', finalLearningRate: 1e-5 }),
  'orthonormal weights': changed('tanh', { orthonormal: 0.01 }),
  'normalised weights': changed('tanh', { weightNorm: true }),
  'normalised weights, descent': changed('relu', { ...sgd, weightNorm: true, momentum: 0.5 }),
  'He and Glorot': changed('relu', { initialisation: 'he', loss: 'mse' }),
}

/**
 * Sums here have at most 16 rows and 5 products, values of order 1, so that a gradient is off by no more than 64 roundings of the
 * largest. A step of Adam moves the loss by 3 learning rates times that for each parameter, whatever the size of its gradient, one
 * of descent by so much times |g|, momentum adding up to ten such; weights that are made again from others round twice more. The loss
 * itself is off by twice what its logits are.
 */
async function lossBounds(setup: TrainingSetup): Promise<number[]> {
  const { 'train.gradients': gradients, 'train.s3': logits } = await oneStep(new ReferenceMachine(), setup)
  const { training, network } = setup
  const largest = Math.max(...gradients.map(Math.abs))
  const descent = training.optimiser === 'sgd'
  const parameters = initialParameters(network, setup.seeds[0], training.initialisation)
  const moved = Array.from(gradients, (g, i) => {
    const step = training.learningRate * 64 * rounding * largest * (descent ? 10 * Math.abs(g) : 3)
    return step + 4 * rounding * Math.abs(parameters[i] * g)
  })
  const atOnce = 2 * 64 * rounding * Math.max(...logits.map(Math.abs)) + 2 ** -20
  return Array.from({ length: 10 }, (_, i) => (i + 1) * moved.reduce((sum, one) => sum + one, 0) + atOnce)
}

for (const [name, setup] of Object.entries(setups)) {
  test(`ten losses agree on both paths and on the references: ${name}`, async () => {
    assert.is(trainingPath(gpu, setup).path, 'fused')
    const expected = await tenLosses(new ReferenceMachine(), setup, 'per-layer')
    const bars = await lossBounds(setup)
    close(await tenLosses(new ReferenceMachine(), setup, 'fused'), expected, bars, 'references, fused')
    for (const path of ['per-layer', 'fused'] as const) close(await tenLosses(gpu, setup, path), expected, bars, path)
    const change = Math.abs(expected[9] - expected[0])
    assert.ok(change > 5 * bars[9], `the bar is a sharp one: ${bars[9]} where losses change by ${change}`)
  })
}

test('options change what they should: no two of these networks have the same losses', async () => {
  const all = await Promise.all(Object.values(setups).map((setup) => tenLosses(new ReferenceMachine(), setup, 'fused')))
  assert.is(new Set(all.map((losses) => losses[9].toPrecision(9))).size, all.length)
})

test.run()
