// Rows through several layers in one dispatch, against the references of the kernels they stand for.
// Of a layer's input x the error is that of S below and of the noise (normal-error.ts), and two roundings of a sum below 2; u's is what
// its weights make of it and its own sum's, (inputs + 2) 2^-24 (sum |x W| + |b|); no activation has a slope above 1, or is itself off by
// more than 2^-18 (activation-forward.test.ts).
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { activationNames } from '../../src/kernels/activation.js'
import { propagate, propagateConstants, type Kept, type PropagatedLayer } from '../../src/kernels/propagate.js'
import { packSteps } from '../../src/kernels/step.js'
import { close, rounding } from '../close.js'
import { f32, openMachine, runBoth } from './compare.js'
import { drawErrors } from './normal-error.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Scene {
  /** Of the layer below and of those above it. */
  widths: number[]
  /** Which layers are kept, and which are linear, from 0. */
  kept: number[]
  linear?: number[]
  rows: number
  repeat: number
  first?: number
  activation?: string
  /** Of the noise on each layer's input. */
  stds?: number[]
}

const [usualStd, stream, first_layer, seed, noiseStep] = [0.05, 5, 2, 2 ** 40 + 3, 17]
/** Parameters of other layers lie before and behind. */
const margin = 7

function layersOf({ widths, kept, linear = [], stds = [] }: Scene): PropagatedLayer[] {
  let at = margin
  return widths.slice(1).map((outputs, l) => {
    const inputs = widths[l]
    const layer = { inputs, outputs, weights_at: at, bias_at: at + inputs * outputs }
    at += outputs * (inputs + 1)
    return { ...layer, linear: linear.includes(l), noise_std: stds[l] ?? usualStd, kept: kept.includes(l) }
  })
}

function caseOf(scene: Scene) {
  const { widths, kept, rows, repeat, first = 0, activation = 'tanh' } = scene
  const layers = layersOf(scene)
  const last = layers.at(-1)!
  const parameters = new Float32Array(last.bias_at + last.outputs + margin).fill(NaN)
  parameters.set(uniform(last.bias_at + last.outputs - margin, 3, -0.5, 0.5), margin)
  const step = packSteps([{ seed, noiseStep, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }])
  const source = uniform((first + Math.ceil(rows / repeat)) * widths[0], 2, -1, 1)
  const results = kept.map((l, i) => [`kept_${i + 1}`, f32(rows * layers[l].outputs)] as const)
  return {
    params: { rows, repeat, source_first: first, first_row: first * repeat, first_layer, stream },
    buffers: { step, parameters, source, ...Object.fromEntries(results) },
    constants: propagateConstants(layers, activation),
  }
}

/** How far S of each layer may be off, one number a layer. */
function allowedOf(scene: Scene, parameters: Float32Array): number[] {
  const draw = { rows: scene.rows, seed, noiseStep, stream, firstRow: (scene.first ?? 0) * scene.repeat }
  let off = 0
  return layersOf(scene).map(({ inputs, outputs, weights_at, bias_at, linear, noise_std }, l) => {
    const errors = drawErrors({ ...draw, width: inputs, layer: first_layer + l - 1 })
    const noisy = off + noise_std * (Math.max(...errors) + 2 * 6.8 * rounding) + 2 * rounding
    const sums = Array.from({ length: outputs }, (_, o) => {
      const weights = parameters.subarray(weights_at + o * inputs, weights_at + (o + 1) * inputs)
      const size = weights.reduce((sum, w) => sum + Math.abs(w), 0)
      return size * noisy + (inputs + 2) * rounding * (2 * size + Math.abs(parameters[bias_at + o]))
    })
    return (off = Math.max(...sums) + (linear ? 0 : 2 ** -18))
  })
}

async function check(scene: Scene): Promise<void> {
  const one = caseOf(scene)
  const allowed = allowedOf(scene, one.buffers.parameters)
  for (const { actual, expected, workgroup } of await runBoth(machine, propagate, one)) {
    scene.kept.forEach((l, i) => {
      const name = `kept_${i + 1}` as Kept
      close(actual[name], expected[name], allowed[l], `layer ${l} of ${JSON.stringify(scene)}, workgroup ${workgroup}`)
    })
  }
}

test('one layer and several, widths on both sides of a quad', async () => {
  await check({ widths: [3, 2], kept: [0], rows: 10, repeat: 1 })
  await check({ widths: [10, 7, 5, 4, 3], kept: [0, 1, 2, 3], rows: 96, repeat: 32 })
  await check({ widths: [4, 8, 1, 9], kept: [0, 1, 2], rows: 33, repeat: 2 })
})

test('rows: one, fewer than lanes, one more than a round of all lanes', async () => {
  for (const rows of [1, 3, 64, 65, 513]) await check({ widths: [5, 4, 3], kept: [0, 1], rows, repeat: 1 })
})

test('a layer in the middle is linear, and not every layer is kept', async () => {
  await check({ widths: [4, 5, 3, 2], kept: [1, 2], linear: [1], rows: 40, repeat: 8 })
  await check({ widths: [4, 5, 3, 2], kept: [2], linear: [0, 1, 2], rows: 40, repeat: 8 })
})

test('every activation', async () => {
  for (const activation of activationNames) {
    await check({ widths: [4, 5, 3], kept: [0, 1], rows: 40, repeat: 8, activation })
  }
})

test('noise of every layer its own, or none', async () => {
  await check({ widths: [4, 5, 3, 2], kept: [0, 1, 2], rows: 40, repeat: 8, stds: [1, 0, 1e-7] })
})

test('a chunk draws just what the whole draws there', async () => {
  const scene = { widths: [6, 5, 3], kept: [0, 1], rows: 60, repeat: 10 }
  await check({ ...scene, first: 2, rows: 20 })
  const [whole] = await runBoth(machine, propagate, caseOf(scene))
  const [chunk] = await runBoth(machine, propagate, caseOf({ ...scene, first: 2, rows: 20 }))
  assert.equal(chunk.actual.kept_2, whole.actual.kept_2.slice(20 * 3, 40 * 3))
})

test.run()
