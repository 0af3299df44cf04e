// Steps of small networks in one dispatch, against the references of the kernels they stand for; test/training/steps.test.ts
// compares the two paths of the trainer, with derived bounds.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { activationNames } from '../../src/kernels/activation.js'
import { packSteps } from '../../src/kernels/step.js'
import { trainConstants, trainSteps } from '../../src/kernels/train-steps.js'
import { close } from '../close.js'
import { openMachine, runBoth } from './compare.js'
import { uniform, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const betas = { beta1: 0.9, beta2: 0.999, one_minus_beta1: 0.1, one_minus_beta2: 0.001 }
const rates = { ...betas, epsilon: 1e-8, weight_decay: 0 }
const draw = { noise_std: 0.1, stream: 4 }
const inputCount = 40
const networks = 2

/** Layers of these widths, the last linear and noiseless, the others not linear and noisy. */
function layersOf(widths: number[]) {
  let at = 0
  return widths.slice(1).map((outputs, l) => {
    const inputs = widths[l]
    const layer = { inputs, outputs, weights_at: at, bias_at: at + inputs * outputs }
    at += outputs * (inputs + 1)
    const isLast = l === widths.length - 2
    return { ...layer, linear: isLast, noisy: !isLast }
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

interface Scene {
  widths: number[]
  /** Rows of each step. */
  sizes: number[]
  gradientFloats?: number
  activation?: string
}

function caseOf({ widths, sizes, gradientFloats = 64, activation = 'tanh' }: Scene) {
  const layers = layersOf(widths)
  const count = layers.reduce((sum, { inputs, outputs }) => sum + outputs * (inputs + 1), 0)
  const order = (i: number) => (i * 7 + (i >= inputCount ? 3 : 0)) % inputCount
  const buffers = {
    schedule: packSteps(Array.from({ length: networks }, (_, n) => steps(n, sizes)).flat()),
    order: Uint32Array.from({ length: networks * inputCount }, (_, i) => order(i)),
    inputs: uniform(inputCount * widths[0], 2, -1, 1),
    labels: whole(inputCount, 3, widths.at(-1)!),
    parameters: uniform(networks * count, 1, -0.5, 0.5),
    first: uniform(networks * count, 4, -1, 1),
    second: uniform(networks * count, 5, 0.5, 1),
  }
  const params = { networks, steps: sizes.length, order_length: inputCount, ...draw, ...rates }
  return { params, buffers, constants: trainConstants(layers, activation, gradientFloats) }
}

async function check(scene: Scene): Promise<void> {
  const one = caseOf(scene)
  for (const { actual, expected, workgroup } of await runBoth(machine, trainSteps, one)) {
    const what = `${JSON.stringify(scene)}, workgroup ${workgroup}`
    // With sqrt(v) above .7 a step moves a parameter by .01 times m at most; m carries gradients below 1, sums of up to 33 rows
    // through some tens of products: 200 roundings.
    for (const name of ['first', 'second', 'parameters'] as const) {
      close(actual[name], expected[name], scene.sizes.length * 200 * 2 ** -24, `${name}, ${what}`)
    }
    const initial = one.buffers.parameters
    const moved = Array.from(initial, (p, k) => Math.abs(p - expected.parameters[k]))
    const count = initial.length / networks
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

test('every activation', async () => {
  for (const activation of activationNames) await check({ widths: [5, 4, 3], sizes: [7, 2], activation })
})

test.run()
