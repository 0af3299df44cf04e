// One step of training on a device, on the references, and on both in turn (GPU_FROM), buffer by buffer; then ten steps.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { BisectMachine, bisected } from '../../src/machine/bisect.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { Machine } from '../../src/plan.js'
import { Trainer, trainingStep, type TrainingSetup } from '../../src/training/trainer.js'
import { close, rounding } from '../close.js'
import { stepBounds } from './bounds.js'
import { oneStep, type OneStep } from './one-step.js'
import { adamOptions, paperSetup, smallSetup } from './setups.js'

const open = await openDevice()
test.after(() => open.destroy())

const { learningRate, beta1, beta2, epsilon } = adamOptions

function small(rows: number): TrainingSetup {
  const setup = smallSetup()
  return { ...setup, training: { ...setup.training, trainCount: rows } }
}

/** All buffers of a step lie within their bounds of the references' ones; words are the same. */
function checkStep(setup: TrainingSetup, found: OneStep, expected: OneStep, machine: string): void {
  const values = { ...expected.after, parameters: expected.initial }
  const bounds = stepBounds(setup, values, 0, setup.training.trainCount)
  Object.assign(bounds, adamBounds(bounds['train.gradients'], expected))
  for (const [name, buffer] of Object.entries(expected.after)) {
    const isCopy = buffer instanceof Uint32Array || ['inputs', 'train.batch'].includes(name)
    assert.ok(isCopy || name in bounds, `no bound for ${name}`)
    close(found.after[name], buffer, isCopy ? 0 : bounds[name], `${name} on ${machine}`)
  }
}

/**
 * After the first step m = .1 g and v = .001 g^2 carry the gradient's error on, and the change lr g / (|g| + epsilon) turns it
 * into lr epsilon error / (|g| + epsilon)^2: for gradients that could as well be 0 the whole change. See adam.test.ts for the rest.
 */
function adamBounds(errors: Float64Array, { initial, after }: OneStep): Record<string, Float64Array> {
  const { 'train.gradients': gradients, 'train.first': first, 'train.second': second } = after
  const change = errors.map((error, i) => {
    const least = Math.max(0, Math.abs(gradients[i]) - error) + epsilon
    return learningRate * Math.min(2, (epsilon * error) / (least * least))
  })
  return {
    'train.first': errors.map((error, i) => (1 - beta1) * error + 5 * rounding * Math.abs(first[i])),
    'train.second': errors.map((error, i) => {
      const grown = (1 - beta2) * (2 * Math.abs(gradients[i]) + error) * error
      return grown + 7 * rounding * (second[i] + grown)
    }),
    parameters: change.map((error, i) => error + rounding * (36 * learningRate + 2 * Math.abs(initial[i]))),
  }
}

test('one step agrees on device and references in every buffer', async () => {
  for (const setup of [small(16), small(3), paperSetup(256), paperSetup(205)]) {
    const expected = await oneStep(new ReferenceMachine(), setup)
    checkStep(setup, await oneStep(new GpuMachine(open), setup), expected, open.adapter.name)
  }
})

test('the same step twice leaves the same bytes', async () => {
  const [one, other] = [
    await oneStep(new GpuMachine(open), paperSetup(256)),
    await oneStep(new GpuMachine(open), paperSetup(256)),
  ]
  assert.equal(one, other)
})

test('references up to any kernel, the device from there: the same step', async () => {
  const setup = small(11)
  const expected = await oneStep(new ReferenceMachine(), setup)
  const kernels = [...new Set(trainingStep(setup).map((command) => command.kernel.name))]
  assert.ok(kernels.length >= 8, kernels.join())
  for (const from of kernels) {
    const machine = bisected(new GpuMachine(open), kernels, from)
    assert.instance(machine, BisectMachine)
    checkStep(setup, await oneStep(machine, setup), expected, machine.name)
  }
})

/** Noiseless losses over the training set after each of ten steps. */
async function tenLosses(machine: Machine, setup: TrainingSetup): Promise<number[]> {
  const trainer = await Trainer.create(machine, setup)
  const losses: number[] = []
  for (let i = 0; i < 10; i++) {
    trainer.startEpoch()
    losses.push((await trainer.evaluate()).trainLoss!)
  }
  return losses
}

/**
 * A step changes a parameter by lr m / sqrt(v), |m| <= sqrt(v) or thereabouts, so that an error e of its gradient g moves it by
 * some 3 lr e / |g| and the loss by 3 lr e; its own rounding moves the loss by 2^-24 |p g|. The loss itself is a mean of
 * values that are as uncertain as the logits are, twice (log-sum-exp and the label's), and log's 2^-21.
 */
function lossBound(setup: TrainingSetup, { initial, after }: OneStep, steps: number): number {
  const bounds = stepBounds(setup, { ...after, parameters: initial }, 0, setup.training.trainCount)
  const gradients = after['train.gradients']
  const moved = initial.map(
    (p, i) => 3 * learningRate * bounds['train.gradients'][i] + rounding * Math.abs(p * gradients[i]),
  )
  const logits = bounds[`train.s${setup.network.layers.length}`]
  return steps * moved.reduce((sum, one) => sum + one, 0) + 2 * Math.max(...logits) + 2 ** -20
}

test('ten losses from the same weights and noise agree', async () => {
  for (const setup of [small(16), paperSetup(256)]) {
    const expected = await tenLosses(new ReferenceMachine(), setup)
    const first = await oneStep(new ReferenceMachine(), setup)
    const bars = expected.map((_, i) => lossBound(setup, first, i + 1))
    close(await tenLosses(new GpuMachine(open), setup), expected, bars, 'losses')
    const change = Math.abs(expected[9] - expected[0])
    assert.ok(change > 20 * bars[9], `the bar is a sharp one: ${bars[9]} where losses change by ${change}`)
  }
})

test.run()
