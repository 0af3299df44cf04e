// Networks of several seeds in one dispatch: each is what it would be alone, and an epoch costs one dispatch for all of them.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { Measurer } from '../../src/information/measurer.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { Machine } from '../../src/plan.js'
import { runExperiment, type Experiment } from '../../src/scheduler.js'
import type { InformationRow, TrainingRow } from '../../src/tables/rows.js'
import { networksAtOnce } from '../../src/training/fused.js'
import { shared } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { smallSetup } from './setups.js'

const gpu = new GpuMachine(await openDevice())
test.after(() => gpu.destroy())

const setup = smallSetup()
const options = { layers: [1, 2], replicas: 8, ownReplicas: 16, batches: 4, queries: 1, tolerance: 1e-6 }

const experiment: Experiment = {
  ...{ seeds: [4, 9, 2], data: setup.data, network: setup.network, measurement: options },
  training: { ...setup.training, epochs: 4 },
  clustering: { inputs: 16, pairs: 16 },
  ...{ measuredEpochs: [0, 1, 4], evaluatedEpochs: [0, 1, 4], saveReplicas: 0, saveWeights: false },
}

interface Rows {
  training: TrainingRow[]
  information: Omit<InformationRow, 'seconds'>[]
  weights: number[][]
  splits: (readonly number[])[]
}

/** All rows of a run, but for how long each took. */
async function rowsOf(machine: Machine, what: Partial<Experiment>): Promise<Rows> {
  const rows: Rows = { training: [], information: [], weights: [], splits: [] }
  const recorder = {
    training: (row: TrainingRow) => rows.training.push(row),
    information: ({ seconds: _, ...row }: InformationRow) => rows.information.push(row),
    weights: (epoch: number, seed: number) => rows.weights.push([epoch, seed]),
    ...{
      rival() {},
      noiseLevel() {},
      entropy() {},
      activations() {},
      clustering() {},
      binnedEntropy() {},
      histogram() {},
      scatter() {},
    },
  }
  const split = (seeds: readonly number[]) => rows.splits.push(seeds)
  const observer = { evaluated() {}, measured() {}, progress() {}, split }
  const { interrupted } = await runExperiment(machine, { ...experiment, ...what }, recorder, observer)
  assert.not.ok(interrupted)
  machine.release()
  return rows
}

test('seed k in a population has the rows of seed k alone', async () => {
  const together = await rowsOf(gpu, { saveWeights: true })
  assert.is(together.training.length, 9)
  assert.is(together.information.length, 18)
  assert.equal(
    together.weights,
    [0, 1, 4].flatMap((epoch) => [4, 9, 2].map((seed) => [epoch, seed])),
  )
  assert.equal(together.splits, [], 'nothing to tell')
  for (const seed of experiment.seeds) {
    const alone = await rowsOf(gpu, { seeds: [seed] })
    assert.equal(
      together.training.filter((row) => row.seed === seed),
      alone.training,
    )
    assert.equal(
      together.information.filter((row) => row.seed === seed),
      alone.information,
    )
  }
  const losses = together.training.filter(({ epoch }) => epoch === 4).map((row) => row.train_loss)
  assert.is(new Set(losses).size, 3, 'and not that of another')
})

test('networks too large for a workgroup train one after the other, which is told', async () => {
  const layers = [{ width: 400, activation: 'tanh' as const }, ...setup.network.layers]
  const what = { network: { ...setup.network, layers }, training: { ...experiment.training, epochs: 1 } }
  const looked = { measuredEpochs: [1], evaluatedEpochs: [0, 1], measurement: { ...options, layers: [3] } }
  assert.is(networksAtOnce(gpu, { ...setup, network: what.network }), 1)
  const both = await rowsOf(gpu, { ...what, ...looked, seeds: [4, 9] })
  assert.equal(both.splits, [[4], [9]])
  const alone = await rowsOf(gpu, { ...what, ...looked, seeds: [9] })
  assert.equal(
    both.training.filter((row) => row.seed === 9),
    alone.training,
  )
})

test('a dispatch of an epoch takes so many networks that it stays short', () => {
  const most = networksAtOnce(new ReferenceMachine(), setup)
  assert.ok(most > 1000 && most < Infinity, `${most} networks of 20 rows`)
  const rows = { ...setup, training: { ...setup.training, trainCount: 3277 } }
  assert.is(networksAtOnce(new ReferenceMachine(), rows), 79)
})

/** What the device is asked for while `work` runs. */
async function countedCalls(work: () => Promise<void>): Promise<Record<string, number>> {
  const { device } = gpu
  const calls: Record<string, number> = { pipelines: 0, buffers: 0, passes: 0, readbacks: 0 }
  const methods = { createComputePipelineAsync: 'pipelines', createBuffer: 'buffers' } as const
  const kept = { ...device }
  const watched = device as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const [method, name] of Object.entries(methods)) {
    const original = watched[method].bind(device)
    watched[method] = (...args) => (calls[name]++, original(...args))
  }
  const encoder = watched.createCommandEncoder.bind(device)
  watched.createCommandEncoder = (...args) => {
    const made = encoder(...args) as GPUCommandEncoder
    const [begin, copy] = [made.beginComputePass.bind(made), made.copyBufferToBuffer.bind(made)]
    made.beginComputePass = (...rest) => (calls.passes++, begin(...rest))
    made.copyBufferToBuffer = ((...rest: Parameters<typeof copy>) => (calls.readbacks++, copy(...rest))) as typeof copy
    return made
  }
  try {
    await work()
  } finally {
    for (const name of [...Object.keys(methods), 'createCommandEncoder']) delete watched[name]
    Object.assign(device, kept)
  }
  return calls
}

test('an epoch is one dispatch, whatever the number of networks; nothing is made and nothing read back', async () => {
  for (const seeds of [[1], [1, 2, 3, 4]]) {
    const trainer = await Trainer.create(gpu, { ...setup, seeds })
    trainer.startEpochs(1)
    await trainer.finish()
    const calls = await countedCalls(async () => {
      for (let epoch = 0; epoch < 10; epoch++) trainer.startEpochs(1)
      await trainer.finish()
    })
    assert.equal(calls, { pipelines: 0, buffers: 0, passes: 10, readbacks: 0 }, `${seeds.length} networks`)
    gpu.release()
  }
})

test('measuring again makes nothing new on the device', async () => {
  const trainer = await Trainer.create(gpu, { ...setup, seeds: [1, 2] })
  const about = { seed: 1, data: setup.data, network: setup.network, options, buffers: shared }
  const measurer = await Measurer.create(gpu, about)
  const measure = async () => {
    for (const [k, seed] of [1, 2].entries()) {
      trainer.select(k)
      await measurer.measure(0, { seed })
    }
  }
  await measure()
  const calls = await countedCalls(measure)
  assert.equal([calls.pipelines, calls.buffers], [0, 0])
  assert.ok(calls.readbacks > 0, 'the sums are')
  gpu.release()
})

test('thousands of epochs leave no memory behind on the host', async () => {
  const trainer = await Trainer.create(gpu, { ...setup, seeds: [1, 2] })
  const train = async (epochs: number) => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      trainer.startEpochs(1)
      if (epoch % 50 === 0) await trainer.finish()
    }
    await trainer.finish()
    globalThis.gc?.()
    return process.memoryUsage()
  }
  const before = await train(500)
  const after = await train(3000)
  const grown = after.heapUsed + after.external - before.heapUsed - before.external
  assert.ok(grown < 24e6, `${grown} bytes more`)
  gpu.release()
})

test.run()
