// One step of training on a device, on the references, and on both in turn (GPU_FROM), one dispatch a layer or fused, buffer
// by buffer; then ten steps.
import type { DenseSpec } from '../../src/network/network.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { BisectMachine, bisected } from '../../src/machine/bisect.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { trainingStep } from '../../src/training/step-plan.js'
import { Trainer } from '../../src/training/trainer.js'
import { close, rounding } from '../close.js'
import { boundsOf, freshState, next, oneStep, tenLosses, type Snapshot, type State } from './one-step.js'
import { paperSetup, smallSetup } from './setups.js'

const gpu = new GpuMachine(await openDevice())
test.after(() => gpu.destroy())

const paths = ['per-layer', 'fused'] as const

function small(rows: number): TrainingSetup {
  const setup = smallSetup()
  return { ...setup, training: { ...setup.training, trainCount: rows } }
}

/** All buffers found lie within their bounds of the references' ones, layer by layer; words and copies are the same. */
function checkStep(setup: TrainingSetup, found: Snapshot, expected: Snapshot, state: State, machine: string): void {
  const bounds = boundsOf(setup, expected, state)
  for (const [name, buffer] of Object.entries(found)) {
    const isCopy = buffer instanceof Uint32Array || ['inputs', 'train.batch'].includes(name)
    assert.ok(isCopy || name in bounds, `no bound for ${name}`)
    close(buffer, expected[name], isCopy ? 0 : bounds[name], `${name} on ${machine}, step ${state.t}`)
  }
}

test('one step agrees on device and references in every buffer', async () => {
  for (const setup of [small(16), small(3), paperSetup(256), paperSetup(205)]) {
    const state = freshState(setup)
    const expected = await oneStep(new ReferenceMachine(), setup)
    for (const path of paths) {
      const found = await oneStep(gpu, setup, path)
      checkStep(setup, found, expected, state, `${gpu.name}, ${path}`)
    }
  }
})

test('the references are one mathematics on both paths', async () => {
  for (const setup of [small(11), paperSetup(205)]) {
    const expected = await oneStep(new ReferenceMachine(), setup)
    const found = await oneStep(new ReferenceMachine(), setup, 'fused')
    checkStep(setup, found, expected, freshState(setup), 'the references, fused')
  }
})

test('later steps agree too, each from where the references are', async () => {
  const setup = small(16)
  let state = freshState(setup)
  for (let i = 0; i < 5; i++) {
    const expected = await oneStep(new ReferenceMachine(), setup, 'per-layer', state)
    for (const path of paths) checkStep(setup, await oneStep(gpu, setup, path, state), expected, state, path)
    state = next(expected, state)
  }
})

test('the same step twice leaves the same bytes', async () => {
  for (const path of paths) {
    assert.equal(await oneStep(gpu, paperSetup(256), path), await oneStep(gpu, paperSetup(256), path))
  }
})

test('references up to any kernel, the device from there: the same step', async () => {
  const setup = small(11)
  const expected = await oneStep(new ReferenceMachine(), setup)
  const kernels = [...new Set(trainingStep(setup).map((command) => command.kernel.name))]
  assert.ok(kernels.length >= 8, kernels.join())
  for (const from of kernels) {
    const machine = bisected(gpu, kernels, from)
    assert.instance(machine, BisectMachine)
    checkStep(setup, await oneStep(machine, setup), expected, freshState(setup), machine.name)
  }
})

/**
 * A step changes a parameter by lr m / sqrt(v), |m| <= sqrt(v) or thereabouts, so that an error e of its gradient g moves it by
 * some 3 lr e / |g| and the loss by 3 lr e; its own rounding moves the loss by 2^-24 |p g|. The loss itself is a mean of
 * values that are as uncertain as the logits are, twice (log-sum-exp and the label's), and log's 2^-21.
 */
function lossBound(setup: TrainingSetup, after: Snapshot, steps: number): number {
  const state = freshState(setup)
  const bounds = boundsOf(setup, after, state)
  const gradients = after['train.gradients']
  const moved = state.parameters.map((p, i) => {
    return 3 * setup.training.learningRate * bounds['train.gradients'][i] + rounding * Math.abs(p * gradients[i])
  })
  const logits = bounds[`train.s${setup.network.layers.length}`]
  return steps * moved.reduce((sum, one) => sum + one, 0) + 2 * Math.max(...logits) + 2 ** -20
}

function noiseless(setup: TrainingSetup): TrainingSetup {
  return { ...setup, network: { ...setup.network, noiseStd: 0 } }
}

/** The first layer linear, too. */
function bent(setup: TrainingSetup): TrainingSetup {
  const [first, ...others] = setup.network.layers
  return {
    ...setup,
    network: { ...setup.network, layers: [{ ...(first as DenseSpec), activation: 'linear' }, ...others] },
  }
}

test('ten losses from the same weights and noise agree', async () => {
  for (const setup of [small(16), paperSetup(256), noiseless(small(16)), bent(small(16))]) {
    const expected = await tenLosses(new ReferenceMachine(), setup, 'per-layer')
    const first = await oneStep(new ReferenceMachine(), setup)
    const bars = expected.map((_, i) => lossBound(setup, first, i + 1))
    for (const path of paths) close(await tenLosses(gpu, setup, path), expected, bars, `losses, ${path}`)
    const change = Math.abs(expected[9] - expected[0])
    assert.ok(change > 20 * bars[9], `the bar is a sharp one: ${bars[9]} where losses change by ${change}`)
  }
})

test('a network too large for one workgroup takes the other path by itself', async () => {
  const setup = small(16)
  assert.is((await Trainer.create(new ReferenceMachine(), setup)).path, 'fused')
  const network = { ...setup.network, layers: [{ width: 400, activation: 'tanh' as const }, ...setup.network.layers] }
  assert.is((await Trainer.create(new ReferenceMachine(), { ...setup, network })).path, 'per-layer')
})

test.run()
