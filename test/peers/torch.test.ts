/**
 * PyTorch (Debian's python3-torch) in double precision on the same weights and batches: losses, gradients, and
 * parameters after ten steps, of the references, of the device with a dispatch for each layer, and fused.
 * COST some 35 s of a core, most of it compiling fused shaders and the convolutions of the MNIST network.
 *
 * 2026-11-24, PyTorch 1.13, Python 3.11.2 (Debian 12), embedded SwiftShader, largest differences of the references and
 * of the device: losses 4.5e-8 and 1.3e-7, gradients 6.4e-7 and 1.7e-6, parameters after ten steps 3.4e-7 and 6.9e-7
 * (fused: 3.7e-7).
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openMachine } from '../../src/machine/open.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { variance } from '../../src/math/statistics.js'
import type { LayerSpec } from '../../src/network/network.js'
import { initialParameters, parameterLayout, type Initialisation } from '../../src/network/parameters.js'
import type { Machine } from '../../src/plan.js'
import { trainingPath } from '../../src/training/fused.js'
import { settled } from '../../src/training/options.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { close, rounding } from '../close.js'
import { root } from '../example.js'
import { testIf } from '../skip.js'
import { findPython } from './python.js'
import { partsOf, steps, trainings, type Case } from './torch-cases.js'
import { inFolder, readNumbers, trainedByTorch, type Answer, type Question } from './torch-network.js'

/**
 * Losses in nats or squares, the rest as a part of the largest number of the same tensor. 1e-5 is 168 roundings of f32.
 * The longest sums have 4608 terms (8 pictures of 24 x 24 pixels, weights of the first convolution): as many roundings
 * of either sign add up to some sqrt(4608) = 68 of the largest partial sum.
 */
const acceptance = 1e-5

const { python, reason } = findPython('torch', 'python3-torch')
const machine = python === null ? null : await openMachine()
test.after(() => machine?.destroy())

const startOf = ({ setup, parameters }: Case) =>
  parameters ?? initialParameters(setup.network, setup.seeds[0], settled(setup.training).initialisation)

/** What Answer says, by the trainer; gradients are null on the fused path. */
type Trained = { [Part in keyof Answer]: Answer[Part] extends number ? number : ArrayLike<number> | null }

/** What the trainer makes of a case, and the batches that it took; the machine is empty again. */
async function trained(on: Machine, one: Case, path: Trainer['path']) {
  const { setup } = one
  const trainer = await Trainer.create(on, setup, { path })
  on.write('train.parameters', startOf(one))
  const before = (await trainer.evaluate()).trainLoss!
  const batches: number[][][] = []
  while (trainer.epoch < setup.training.epochs) {
    const schedule = trainer.schedule(setup.seeds[0])
    trainer.startEpochs(1)
    const order = [...(await on.read('train.order', 0, setup.training.trainCount))]
    batches.push(schedule.map(({ batchStart, rows }) => order.slice(batchStart, batchStart + rows)))
  }
  const after = (await trainer.evaluate()).trainLoss!
  const gradients = path === 'per-layer' && !setup.training.weightNorm ? await on.read('train.gradients') : null
  const moved = setup.training.weightNorm ? await on.read('train.moved') : null
  const found: Trained = { before, after, parameters: await trainer.parameters(), gradients, moved }
  on.release()
  return { found, batches }
}

/** All cases by the references, and by PyTorch from the same weights on the same batches; once. */
async function everyAnswer() {
  const cases = { ...steps, ...trainings }
  const references = new ReferenceMachine()
  const questions: Record<string, Question> = {}
  const own: Record<string, Trained> = {}
  for (const [name, one] of Object.entries(cases)) {
    const { found, batches } = await trained(references, one, 'per-layer')
    own[name] = found
    questions[name] = { setup: one.setup, parameters: startOf(one), batches }
  }
  return { own, ...trainedByTorch(python!, questions) }
}

let everything: ReturnType<typeof everyAnswer> | undefined
const answersOf = async (name: string) => {
  const { own, answers, versions } = await (everything ??= everyAnswer())
  return { own: own[name], torch: answers[name], versions }
}

/** Largest difference, as a part of the largest of the same weights, biases or gains, within the bar. */
function apart({ network }: TrainingSetup, found: ArrayLike<number>, expected: Float64Array, what: string): number {
  assert.is(found.length, expected.length, what)
  const parts = partsOf(network).filter(({ from }) => from < expected.length)
  const differences = parts.map(({ name, from, to }) => {
    const [ours, theirs] = [Float64Array.from(found).subarray(from, to), expected.subarray(from, to)]
    const largest = mostOf(theirs)
    assert.ok(largest > 0, `${what}, ${name}: all 0`)
    close(ours, theirs, acceptance * largest, `${what}, ${name}`)
    return mostOf(ours.map((value, i) => value - theirs[i])) / largest
  })
  return Math.max(...differences)
}

const mostOf = (values: ArrayLike<number>) => Array.from(values).reduce((most, one) => Math.max(most, Math.abs(one)), 0)

/** Everything that PyTorch answered, and the largest differences in a line. */
function agree({ setup }: Case, found: Trained, torch: Answer, who: string): void {
  const losses = [found.before - torch.before, found.after - torch.after]
  close(losses, [0, 0], acceptance, `losses, ${who}`)
  const figures: Record<string, number> = { losses: mostOf(losses) }
  for (const part of ['gradients', 'parameters', 'moved'] as const) {
    const [ours, theirs] = [found[part], torch[part]]
    if (ours && theirs) figures[part] = apart(setup, ours, theirs, `${part}, ${who}`)
  }
  const words = Object.entries(figures).map(([part, value]) => `${part} ${value.toExponential(1)}`)
  process.stdout.write(`\n  ${who}: ${words.join(', ')}`)
}

for (const [name, one] of Object.entries({ ...steps, ...trainings })) {
  testIf(python !== null, reason, test, name, async () => {
    const { own, torch, versions } = await answersOf(name)
    process.stdout.write(`\n${name}, ${versions}`)
    agree(one, own, torch, 'references')
    agree(one, (await trained(machine!, one, 'per-layer')).found, torch, 'device')
    const isFused = name in trainings && trainingPath(machine!, one.setup).path === 'fused'
    if (isFused) agree(one, (await trained(machine!, one, 'fused')).found, torch, 'device, fused')
    process.stdout.write('\n')
  })
}

testIf(python !== null, reason, test, 'the bar is a sharp one: other options, other weights', async () => {
  const ends: { name: string; parameters: Float64Array }[] = []
  for (const [name, one] of Object.entries(trainings)) {
    const { parameters } = (await answersOf(name)).torch
    for (const other of [{ name: 'the start', parameters: Float64Array.from(startOf(one)) }, ...ends]) {
      if (other.parameters.length !== parameters.length) continue
      const difference = mostOf(parameters.map((value, i) => value - other.parameters[i]))
      assert.ok(difference > 20 * acceptance * mostOf(parameters), `${name} and ${other.name}: ${difference}`)
    }
    ends.push({ name, parameters })
  }
})

/** Sizes of a Linear or a Conv2d, some with many weights, some with many biases. */
const drawnLayers = [
  [300, 500],
  [40, 10_000],
  [24, 40, 5],
  [3, 5000, 3],
]

testIf(python !== null, reason, test, 'networks start from the same distributions', () =>
  inFolder((folder) => {
    const words = drawnLayers.map((sizes, i) => `layer-${i}=${sizes}`)
    execFileSync(python!, [join(root, 'test/peers/torch_initialisation.py'), folder, ...words], { timeout: 120_000 })
    drawnLayers.forEach((sizes, i) => {
      const read = (part: string) => readNumbers(join(folder, `layer-${i}.${part}`), Float32Array)
      const own = (how: Initialisation) => drawnParameters(sizes, how)
      sameDistribution(own('pytorch').weights, read('weight'), `weights of ${sizes}`)
      sameDistribution(own('pytorch').biases, read('bias'), `biases of ${sizes}`)
      sameDistribution(own('glorot').weights, read('glorot'), `Glorot, ${sizes}`)
      sameDistribution(own('he').weights, read('he'), `He, ${sizes}`, false)
    })
  }),
)

function drawnParameters([inputs, outputs, kernel]: number[], how: Initialisation) {
  const layer: LayerSpec = kernel
    ? { type: 'conv2d', channels: outputs, kernel, activation: 'linear' }
    : { width: outputs, activation: 'linear' }
  const shape = kernel ? ([inputs, kernel, kernel] as const) : undefined
  const inputWidth = inputs * (kernel ?? 1) ** 2
  const network = { inputWidth, inputShape: shape, layers: [layer], noiseStd: 0 }
  const parameters = initialParameters(network, 1, how)
  const { weightsAt, biasAt } = parameterLayout(network).layers[0]
  return { weights: parameters.slice(weightsAt, biasAt), biases: parameters.slice(biasAt) }
}

/**
 * Two samples of one distribution: Kolmogorov and Smirnov's distance, sqrt(n / 2) times which exceeds 2.7 once in a
 * million; variances within 5 of their standard errors; for uniform ones, bounds, which the largest of n numbers misses
 * by 16 / n of them once in ten million. Seeds are fixed: the bars are for whoever changes the generator.
 */
function sameDistribution(own: Float32Array, theirs: Float32Array, what: string, isUniform = true): void {
  const n = own.length
  assert.is(n, theirs.length, what)
  const [a, b] = [own.slice().sort(), theirs.slice().sort()]
  assert.ok(!(distance(a, b) > 2.7 * Math.sqrt(2 / n)), `${what}: distance ${distance(a, b)}`)
  const kurtosis = isUniform ? 9 / 5 : 3
  close(variance(own) / variance(theirs), 1, 5 * Math.sqrt((2 * (kurtosis - 1)) / n), `variance of ${what}`)
  if (isUniform) close(mostOf(own) / mostOf(theirs), 1, 16 / n + 4 * rounding, `bound of ${what}`)
}

/** Largest difference of two distribution functions, of sorted samples as large as each other. */
function distance(a: Float32Array, b: Float32Array): number {
  let [i, j, most] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] <= b[j]) i++
    else j++
    most = Math.max(most, Math.abs(i - j) / a.length)
  }
  return most
}

test.run()
