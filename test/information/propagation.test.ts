// Replicas in one dispatch and a layer at a time: the same samples, from both ways of the same chunk.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pathOf } from '../../src/information/propagation.js'
import { buffersOf, chunkCommands, cleanCommands, measurementStep } from '../../src/information/sampling.js'
import { ownCenters, samplingBuffers, type SamplingSetup } from '../../src/information/sampling.js'
import { packSteps } from '../../src/kernels/step.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { LayerSpec } from '../../src/network/network.js'
import { initialParameters, parameterLayout } from '../../src/network/parameters.js'
import type { Pass } from '../../src/network/plans.js'
import type { Machine } from '../../src/plan.js'
import { close, rounding } from '../close.js'
import { openMachine } from '../kernels/compare.js'
import { uniform } from '../kernels/samples.js'

const gpu = await openMachine()
test.after(() => gpu.destroy())

const widths = [10, 7, 5, 4, 3, 2]
const layers = widths.map((width, i): LayerSpec => ({ width, activation: i < 5 ? 'tanh' : 'linear' }))
const network = { inputWidth: 12, noiseStd: 0.05, layers }
const inputs = 24

function setupOf(measured: number[], path: SamplingSetup['path']): SamplingSetup {
  const options = { layers: measured, replicas: 8, ownReplicas: 16, batches: 4, queries: 1, tolerance: 1e-6 }
  return { network, options, inputs, inputBuffer: 'inputs', parameterBuffer: 'parameters', software: true, path }
}

/** S, shared centers and queries of the measured layers, of inputs 7 to 20. */
async function samples(machine: Machine, measured: number[], path: SamplingSetup['path']) {
  const setup = setupOf(measured, path)
  const data = { inputs: uniform(inputs * 12, 4, -1, 1), parameters: initialParameters(network, 3) }
  const { count } = parameterLayout(network)
  machine.allocate({ inputs: { type: 'f32', length: inputs * 12 }, parameters: { type: 'f32', length: count } })
  machine.allocate(samplingBuffers(setup))
  for (const [name, values] of Object.entries(data)) machine.write(name, values)
  const step = { seed: 9, noiseStep: 4, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }
  machine.write(measurementStep, packSteps([step]))
  for (const plan of [cleanCommands(setup), chunkCommands(setup, 7, 14)]) {
    await machine.prepare(plan)
    machine.run(plan)
  }
  const found: Float32Array[] = []
  for (const layer of measured.filter((one) => one > 1)) {
    const rows = 14 * 16 * widths[layer - 1]
    found.push((await machine.read(ownCenters(layer), 0, rows)) as Float32Array)
    const { centers, queryS } = buffersOf(layer)
    for (const name of [centers, queryS]) found.push((await machine.read(name)) as Float32Array)
  }
  machine.release()
  return found
}

test('the same samples on both ways', async () => {
  for (const measured of [[1, 2, 3, 4, 5], [3, 5], [2]]) {
    const plain = await samples(gpu, measured, 'per-layer')
    const fused = await samples(gpu, measured, 'fused')
    assert.is(fused.length, 3 * measured.filter((layer) => layer > 1).length)
    fused.forEach((found, i) => {
      assert.ok(new Set(found).size > 100, 'samples differ from one another')
      // A compiler may contract a product and a sum in one text and not in the other: a rounding for each of some 50 steps, |S| <= 1.
      close(found, plain[i], 50 * rounding, `layers ${measured.join()}, buffer ${i}`)
    })
  }
})

test('the references are one mathematics on both ways', async () => {
  const plain = await samples(new ReferenceMachine(), [2, 5], 'per-layer')
  const fused = await samples(new ReferenceMachine(), [2, 5], 'fused')
  // buffers between the layers round to f32, private numbers do not
  fused.forEach((found, i) => close(found, plain[i], 20 * rounding, `buffer ${i}`))
})

test('networks too wide, of too many measured layers or mixed activations go a layer at a time', () => {
  const wayOf = (all: LayerSpec[], wanted: number[]) => {
    const pass = {
      network: { ...network, layers: all },
      prefix: 'x',
      rows: 1,
      input: 'x',
      parameters: 'p',
      draw: null,
    } satisfies Pass
    return pathOf({ pass, layer: 1, wanted })
  }
  const chain = (count: number, width: number) =>
    Array.from({ length: count }, (): LayerSpec => ({ width, activation: 'tanh' }))
  assert.is(wayOf(layers, [2, 3, 4, 5]), 'fused')
  assert.is(wayOf(chain(3, 33), [2]), 'per-layer')
  assert.is(wayOf([{ width: 70, activation: 'tanh' }, ...chain(2, 2)], [2]), 'per-layer')
  assert.is(wayOf(chain(8, 3), [2, 3, 4, 5, 6]), 'fused')
  assert.is(wayOf(chain(8, 3), [2, 3, 4, 5, 6, 7]), 'per-layer')
})

test.run()
