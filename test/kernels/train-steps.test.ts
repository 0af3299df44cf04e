// Steps of small networks in one dispatch, against the references of the kernels they stand for; test/training/steps.test.ts
// compares the two paths of the trainer, with derived bounds.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { activationNames } from '../../src/kernels/activation.js'
import { packSteps } from '../../src/kernels/step.js'
import { trainConstants, trainSteps, type FusedChoices } from '../../src/kernels/train-steps.js'
import { close } from '../close.js'
import { f32, openMachine, runBoth } from './compare.js'
import { uniform, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const betas = { beta1: 0.9, beta2: 0.999, one_minus_beta1: 0.1, one_minus_beta2: 0.001 }
const rates = { ...betas, epsilon: 1e-8, momentum: 0.9, weight_decay: 0, orthonormal_rate: 0.05 }
const stream = 4
const plain = {
  activation: 'tanh',
  optimiser: 'adam',
  loss: 'cross-entropy',
  orthonormal: false,
  weightNorm: false,
} as const
const inputCount = 40
const networks = 2

/** Layers of these widths, the last linear and noiseless, the others not linear and of these noises. */
function layersOf(widths: number[], stds: number[]) {
  let at = 0
  return widths.slice(1).map((outputs, l) => {
    const inputs = widths[l]
    const layer = { inputs, outputs, weights_at: at, bias_at: at + inputs * outputs }
    at += outputs * (inputs + 1)
    const isLast = l === widths.length - 2
    return { ...layer, linear: isLast, noise_std: isLast ? 0 : (stds[l] ?? 0.1) }
  })
}

/** Of a network: its own noise and step sizes. */
function steps(network: number, sizes: number[]) {
  let batchStart = 0
  return sizes.map((rows, i) => {
    const stepSize = (0.01 + 0.001 * network) / (1 - 0.9 ** (i + 1))
    const step = { seed: 2 ** 33 + network, noiseStep: 7 + i, batchStart, rows, stepSize, correction: 1 }
    batchStart += rows
    return step
  })
}

interface Scene extends Partial<FusedChoices> {
  widths: number[]
  /** Rows of each step. */
  sizes: number[]
  stds?: number[]
  weight_decay?: number
}

function caseOf({ widths, sizes, stds = [], weight_decay = 0, ...choices }: Scene) {
  const constants = trainConstants(layersOf(widths, stds), { ...plain, gradientFloats: 64, ...choices })
  const [count, trained] = [Number(constants.COUNT), Number(constants.TRAINED)]
  const order = (i: number) => (i * 7 + (i >= inputCount ? 3 : 0)) % inputCount
  const start = uniform(networks * trained, 1, -0.5, 0.5)
  const buffers = {
    schedule: packSteps(Array.from({ length: networks }, (_, n) => steps(n, sizes)).flat()),
    order: Uint32Array.from({ length: networks * inputCount }, (_, i) => order(i)),
    inputs: uniform(inputCount * widths[0], 2, -1, 1),
    labels: whole(inputCount, 3, widths.at(-1)!),
    first: uniform(networks * trained, 4, -1, 1),
    ...(choices.optimiser !== 'sgd' && { second: uniform(networks * trained, 5, 0.5, 1) }),
    ...(choices.weightNorm ? { raw: start, parameters: f32(networks * count) } : { parameters: start }),
  }
  const params = { networks, steps: sizes.length, order_length: inputCount, stream, ...rates, weight_decay }
  return { params, buffers, constants, start }
}

async function check(scene: Scene): Promise<void> {
  const { start, ...one } = caseOf(scene)
  const trained = scene.weightNorm ? 'raw' : 'parameters'
  for (const { actual, expected, workgroup } of await runBoth(machine, trainSteps, one)) {
    const what = `${JSON.stringify(scene)}, workgroup ${workgroup}`
    // With sqrt(v) above .7 a step moves a parameter by .01 times m at most; m carries gradients below 1, sums of up to 33 rows
    // through some tens of products: 200 roundings. Weights that are normalised add a product, and orthonormal ones two of them.
    for (const name of Object.keys(actual) as (keyof typeof actual)[]) {
      close(actual[name], expected[name], scene.sizes.length * 200 * 2 ** -24, `${name}, ${what}`)
    }
    const moved = Array.from(start, (p, k) => Math.abs(p - expected[trained][k]))
    const count = start.length / networks
    for (let n = 0; n < networks; n++) {
      const most = Math.max(...moved.slice(n * count, (n + 1) * count))
      assert.ok(most > 1e-3, `${what}: parameters of network ${n} move, by ${most}`)
    }
  }
}

for (const gradientFloats of [64, 17]) {
  test(`steps agree with the references, gradients meeting ${gradientFloats} at a time`, async () => {
    // one layer and several, widths on both sides of a quad; batches of one row, of fewer rows than lanes, of more
    await check({ widths: [3, 2], sizes: [4], gradientFloats })
    await check({ widths: [12, 10, 7, 5, 4, 3, 2], sizes: [16, 16, 5], gradientFloats })
    await check({ widths: [5, 4, 8, 3], sizes: [1, 3, 33], gradientFloats })
  })
}

test('every activation, optimiser and loss, weights normalised and decaying', async () => {
  const small = { widths: [5, 4, 3], sizes: [7, 2], gradientFloats: 11 }
  const scenes: Partial<Scene>[] = [
    { activation: 'tanh', optimiser: 'sgd', weight_decay: 0.01 },
    { activation: 'relu', loss: 'mse', weight_decay: 0.1 },
    { activation: 'leaky-relu', weightNorm: true },
    { activation: 'sigmoid', weightNorm: true, optimiser: 'sgd', loss: 'mse', weight_decay: 0.01 },
  ]
  assert.equal(
    scenes.map(({ activation }) => activation),
    activationNames,
  )
  for (const scene of scenes) await check({ ...small, ...scene })
})

test('weights made orthonormal, wide matrices and high ones; noise of every layer its own, or none', async () => {
  await check({ widths: [5, 4, 6, 3], sizes: [7, 2], stds: [1, 0], orthonormal: true })
})

test('the weights of every layer but the last are made orthonormal, and no bias', () => {
  const [without, within] = [0, 0.05].map((orthonormal_rate) => {
    const { params, buffers, constants } = caseOf({ widths: [5, 4, 6, 3], sizes: [7], orthonormal: true })
    trainSteps.reference({ ...params, orthonormal_rate }, { ...buffers, raw: buffers.first } as never, constants)
    return (buffers as { parameters: Float32Array }).parameters.subarray(0, Number(constants.COUNT))
  })
  const changed = Array.from(without, (_, k) => k).filter((k) => without[k] !== within[k])
  const places = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
  assert.equal(changed, [...places(0, 20), ...places(24, 24)])
})

test.run()
