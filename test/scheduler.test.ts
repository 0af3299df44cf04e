// What the scheduler promises whoever stops a run. On the f64 references, so that no adapter is needed.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../src/errors.js'
import { ReferenceMachine } from '../src/machine/reference.js'
import { runExperiment, type Experiment } from '../src/scheduler.js'
import type { InformationRow, TrainingRow } from '../src/tables/rows.js'

const test = suite('scheduler')

const experiment: Experiment = {
  seeds: [1],
  data: {
    ...{ name: 'square', count: 4, width: 2, classes: 2, enumerated: true },
    inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
    labels: Uint32Array.of(0, 1, 1, 0),
  },
  network: {
    inputWidth: 2,
    layers: [
      { width: 2, activation: 'tanh' },
      { width: 2, activation: 'linear' },
    ],
    noiseStd: 0.1,
  },
  training: {
    ...{ epochs: 3, batchSize: 2, trainCount: 3, learningRate: 0.01 },
    ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  },
  measurement: { layers: [1], replicas: 2, ownReplicas: 2, batches: 2, queries: 1, tolerance: 1e-6 },
  measuredEpochs: [0, 1, 3],
  evaluatedEpochs: [0, 1, 2, 3],
  clustering: { inputs: 4, pairs: 4 },
  saveReplicas: 0,
  saveWeights: false,
}

const silent = {
  ...{ training() {}, information() {}, rival() {}, noiseLevel() {}, entropy() {}, activations() {}, weights() {} },
  ...{ clustering() {}, binnedEntropy() {}, histogram() {}, scatter() {} },
}

/** Epochs evaluated and measured of a run that is told to stop as soon as `stop` says so. */
async function run(stop: (what: 'evaluated' | 'measured', epoch: number) => boolean) {
  const controller = new AbortController()
  const seen = { evaluated: [] as number[], measured: [] as number[] }
  const note = (what: 'evaluated' | 'measured', epoch: number) => {
    seen[what].push(epoch)
    if (stop(what, epoch)) controller.abort()
  }
  const observer = {
    evaluated: ([{ epoch }]: TrainingRow[]) => note('evaluated', epoch),
    measured: ([{ epoch }]: InformationRow[]) => note('measured', epoch),
    progress() {},
  }
  const machine = new ReferenceMachine()
  const { interrupted } = await runExperiment(machine, experiment, silent, observer, controller.signal)
  return { ...seen, interrupted }
}

test('a run that nobody stops is complete', async () => {
  assert.equal(await run(() => false), { evaluated: [0, 1, 2, 3], measured: [0, 1, 3], interrupted: false })
})

test('a run that is stopped ends between epochs and measures no more', async () => {
  const stopped = await run((what, epoch) => what === 'measured' && epoch === 1)
  assert.equal(stopped, { evaluated: [0, 1], measured: [0, 1], interrupted: true })
})

test('a run without its last measurement is not complete, though it was trained to the end', async () => {
  const stopped = await run((what, epoch) => what === 'evaluated' && epoch === 3)
  assert.equal(stopped, { evaluated: [0, 1, 2, 3], measured: [0, 1], interrupted: true })
})

test('a run that is stopped when all is done is complete', async () => {
  const { interrupted } = await run((what, epoch) => what === 'measured' && epoch === 3)
  assert.is(interrupted, false)
})

test('a loss that is no number any more ends the run, with its row recorded and the likely reason', async () => {
  const recorded: TrainingRow[] = []
  const recorder = { ...silent, training: (row: TrainingRow) => recorded.push(row) }
  const training = { ...experiment.training, optimiser: 'sgd', learningRate: 1e38 } as const
  const observer = { evaluated() {}, measured() {}, progress() {} }
  try {
    await runExperiment(new ReferenceMachine(), { ...experiment, training }, recorder, observer)
    assert.unreachable('it went on')
  } catch (error) {
    assert.instance(error, InputError)
    const { epoch, train_loss } = recorded.at(-1)!
    assert.ok(train_loss !== null && !Number.isFinite(train_loss))
    assert.match((error as Error).message, new RegExp(`seed 1 is ${train_loss} at epoch ${epoch}: .*learningRate`))
  }
})

test.run()
