// What the program measures on the device, against closed forms: weights are set so that I(X;T) is known exactly.
import { test } from 'uvu'
import { close } from '../close.js'
import type { MeasurementOptions } from '../../src/information/options.js'
import type { Activation } from '../../src/network/network.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { cube, dataOf, measurerOf } from './fixed-network.js'
import { noisyClouds, noisyPoints, pushed, type Truth } from './quadrature.js'

type Layer = [activation: Activation, weights: number[], bias: number[]]

const logits: Layer = ['linear', [], []]

test('one linear neuron on {-1, 1}: the values of METHOD 6', async () => {
  const known = { 0.5: [0.632720194, 1.358511546], 1: [0.33683082, 1.755769354], 5: [0.019610173] }
  for (const [std, [mi, hT]] of Object.entries(known)) {
    const [row] = await measure(cube(1), [['linear', [1], [0]]], Number(std), { queries: 256 })
    holds(row, { mi, hT: hT ?? row.h_t, hTGivenX: gaussian(1, Number(std)) }, `std ${std}`)
  }
})

test('clusters that hardly overlap: a few queries in thousands decide, and the error is known beforehand', async () => {
  const [row] = await measure(cube(1), [['linear', [1], [0]]], 0.25, { queries: 256 })
  close(row.mi_corrected!, 0.693053645, 4 * 1.65e-4, 'mi at std 0.25: sd 0.0149 of i over 8192 queries')
})

test('the corners of a square and of a cube: dimensions add up', async () => {
  for (const [dimension, mi, hT] of [
    [2, 2 * 0.33683082, 2 * 1.755769354],
    [3, 3 * 0.33683082, 3 * 1.755769354],
  ]) {
    const weights = cube(dimension).flatMap((_, i) => (i < dimension ? unit(dimension, i) : []))
    const [row] = await measure(cube(dimension), [['linear', weights, Array(dimension).fill(0)]], 1, { queries: 64 })
    holds(row, { mi, hT, hTGivenX: gaussian(dimension, 1) }, `{-1, 1}^${dimension}`)
  }
})

test('one tanh neuron on {-3, -1, 1, 3}: the values of METHOD 6, and others by quadrature', async () => {
  const known = [
    [0.1, 1, 0, 1.10205654],
    [0.1, 2, -4, 0.57296218],
    [0.01, 1, -2, 1.05403138],
    [0.01, 5, 0, 0.69315749],
  ]
  // points some 6 std apart are left out: a handful of the queries decides there, and no SE can tell
  for (const [std, w, b, mi] of [...known, [0.1, 0.7, 0.3], [0.01, -2, 0.4]]) {
    const truth = noisyPoints(
      constellation.map(([x]) => [Math.tanh(w * x + b)]),
      std,
    )
    const [row] = await measure(constellation, [['tanh', [w], [b]]], std, { queries: 64 })
    holds(row, { ...truth, mi: mi ?? truth.mi }, `std ${std}, w ${w}, b ${b}`)
  }
})

test('a second linear layer: its noise and what comes through from the first', async () => {
  for (const [std, w] of [
    [0.5, 1.5],
    [0.5, -0.8],
    [1, 2],
  ]) {
    const spread = std * Math.hypot(1, w)
    const rows = await measure(
      cube(1),
      [
        ['linear', [1], [0]],
        ['linear', [w], [0.2]],
      ],
      std,
      replicas,
    )
    holds(rows[0], noisyPoints(cube(1), std), `layer 1, std ${std}`)
    holds(rows[1], noisyPoints([[-w], [w]], spread), `layer 2, std ${std}, w ${w}`)
  }
})

test('a second tanh neuron: no Gaussian cloud, by quadrature', async () => {
  const [std, first, second] = [0.2, [0.8, 0.1], [2.5, -0.3]]
  const s = constellation.map(([x]) => Math.tanh(first[0] * x + first[1]))
  const clouds = s.map((mean) => pushed((t) => Math.tanh(second[0] * t + second[1]), mean, std))
  const layers: Layer[] = [
    ['tanh', [first[0]], [first[1]]],
    ['tanh', [second[0]], [second[1]]],
  ]
  const rows = await measure(constellation, layers, std, replicas)
  holds(
    rows[0],
    noisyPoints(
      s.map((at) => [at]),
      std,
    ),
    'layer 1',
  )
  holds(rows[1], noisyClouds(clouds, std), 'layer 2')
})

test('nothing comes through a weight of 0', async () => {
  const [row] = await measure(constellation, [['tanh', [0], [0.5]]], 0.1, { queries: 64 })
  close(row.mi!, 0, row.numerical_error! + 1e-12, 'mi of equal points')
})

const constellation = [[-3], [-1], [1], [3]]
const replicas = { replicas: 512, ownReplicas: 1024, queries: 64 }

/** Layers as given, and one more for the logits, which is not measured. */
function measure(inputs: number[][], layers: Layer[], noiseStd: number, options: Partial<MeasurementOptions>) {
  return measured(inputs, layers, noiseStd, {
    ...{ layers: layers.map((_, i) => i + 1), replicas: 16, ownReplicas: 16, batches: 16, queries: 1, tolerance: 1e-6 },
    ...options,
  })
}

const networks = new Map<string, Promise<Awaited<ReturnType<typeof measurerOf>>>>()
test.after(async () => {
  for (const { close: done } of await Promise.all(networks.values())) done()
})

/** Networks that differ in their weights only share a device and its compiled kernels. */
async function measured(inputs: number[][], layers: Layer[], noiseStd: number, options: MeasurementOptions) {
  const specs = [...layers, logits].map(([activation, , bias]) => ({ activation, width: bias.length || 1 }))
  const network = { inputWidth: inputs[0].length, layers: specs, noiseStd }
  const last = new Array<number>(specs.at(-2)!.width + 1).fill(1)
  const parameters = Float32Array.from([...layers.flatMap(([, weights, bias]) => [...weights, ...bias]), ...last])
  const key = JSON.stringify([inputs, network, options])
  if (!networks.has(key)) networks.set(key, measurerOf({ data: dataOf(inputs), network, parameters, options }))
  const { machine, measurer } = await networks.get(key)!
  machine.write('parameters', parameters)
  return measurer.measure(0)
}

/**
 * Within 4 standard errors, rounding, and a quarter of the correction: what the jackknife, exact for 1/R, leaves of the
 * higher powers. Where one half of a pair is known exactly, its error is 0.
 */
function holds(row: InformationRow, truth: Truth, what: string): void {
  const allowed = (raw: number, corrected: number, se: number) => 4 * se + Math.abs(corrected - raw) / 4 + 1e-5
  close(row.mi_corrected!, truth.mi, allowed(row.mi!, row.mi_corrected!, row.mi_se!), `I(X;T), ${what}`)
  close(row.h_t_corrected!, truth.hT, allowed(row.h_t!, row.h_t_corrected!, row.h_t_se!), `h(T), ${what}`)
  const given = allowed(row.h_t_given_x!, row.h_t_given_x_corrected!, row.h_t_given_x_se!)
  close(row.h_t_given_x_corrected!, truth.hTGivenX, given, `h(T|X), ${what}`)
  if (!(row.mi_se! < 0.03)) throw new Error(`${what}: a bar of 4 x ${row.mi_se} is none`)
}

function gaussian(dimension: number, std: number): number {
  return (dimension / 2) * Math.log(2 * Math.PI * Math.E * std ** 2)
}

function unit(dimension: number, at: number): number[] {
  return Array.from({ length: dimension }, (_, k) => (k === at ? 1 : 0))
}

test.run()
