// Runs that die at any row and go on from their checkpoints, on the f64 references: their tables are those of a run that nobody disturbed.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { RunKeeper } from '../../src/commands/run-keeper.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import type { Experiment } from '../../src/scheduler.js'
import { checkpointFile } from '../../src/tables/checkpoint-files.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { Trainer } from '../../src/training/trainer.js'
import { networkOf, smallSetup } from '../training/setups.js'
import { part } from './dying.js'
import { readable, sameTables } from './kills.js'
import { scratch } from './process.js'

const folder = scratch(test)
const setup = smallSetup()
const several = networkOf(5, [4, 3, 3], 0.3)
several.layers[0] = { width: 4, activation: 'relu' }

/** Three networks in one dispatch, or with two activations one after the other. */
const together: Experiment = {
  ...{ seeds: [4, 9, 2], data: setup.data, network: setup.network, saveReplicas: 2, saveWeights: true },
  training: { ...setup.training, epochs: 4 },
  measurement: { layers: [1, 2], replicas: 8, ownReplicas: 16, batches: 4, queries: 1, tolerance: 1e-6 },
  clustering: { inputs: 16, pairs: 16 },
  ...{ measuredEpochs: [0, 1, 3], evaluatedEpochs: [0, 1, 2, 3, 4] },
}
const apart: Experiment = {
  ...{ ...together, network: several },
  training: { ...together.training, weightNorm: true, optimiser: 'sgd', momentum: 0.9 },
}

function begin(name: string): string {
  mkdirSync(join(folder, name))
  return join(folder, name)
}

function checkpoints(run: string): string[] {
  const inner = join(run, 'checkpoints')
  return existsSync(inner)
    ? readdirSync(inner)
        .filter((name) => checkpointFile.test(name))
        .sort()
    : []
}

/** One bit of a file turned over. */
function damage(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[Math.floor(at * bytes.length)] ^= 4
  writeFileSync(path, bytes)
}

for (const [name, experiment] of Object.entries({ together, apart })) {
  test(`networks trained ${name}: killed at every few rows, tables as if nothing had been`, async () => {
    const whole = begin(`${name}-whole`)
    const undisturbed = await part(whole, experiment, { resumed: false })
    const run = begin(`${name}-killed`)
    let deaths = 0
    for (let calls = 5; ; calls += 3, deaths++) {
      const { died, rows, keeper, recorder } = await part(run, experiment, { calls, resumed: deaths > 0 })
      // a run that is interrupted, or fails, has its tables as files
      if (died && deaths % 2 === 0) recorder.finish()
      readable(run, whole)
      if (died) {
        assert.ok(checkpoints(run).length <= 2)
        continue
      }
      sameTables(run, whole)
      const timeless = (all: InformationRow[]) => all.map(({ seconds: _, ...row }) => row)
      assert.equal(timeless(rows.information), timeless(undisturbed.rows.information))
      assert.equal(rows.training, undisturbed.rows.training)
      keeper.remove()
      assert.not(readdirSync(run).includes('checkpoints'))
      break
    }
    assert.ok(deaths > 5, `${deaths} deaths`)
  })
}

test('a damaged checkpoint is passed over for the one before it, and two damaged ones for the beginning', async () => {
  const whole = join(folder, 'together-whole')
  const run = begin('damaged')
  await part(run, together, { calls: 30, resumed: false })
  const [before, last] = checkpoints(run)
  damage(join(run, 'checkpoints', last), 0.7)
  assert.equal(new RunKeeper(run, together.data, true).damaged, [last])
  const { keeper } = await part(run, together, { calls: 45, resumed: true })
  assert.equal(keeper.damaged, [last])
  readable(run, whole)
  assert.not(checkpoints(run).includes(last), 'the damaged one is gone')
  assert.ok(checkpoints(run).every((name) => name >= before))
  for (const name of checkpoints(run)) damage(join(run, 'checkpoints', name), 0.01)
  const again = await part(run, together, { resumed: true })
  assert.is(again.keeper.damaged.length, 2)
  assert.is(again.keeper.from, undefined)
  sameTables(run, whole)
})

test('other data are refused', async () => {
  const other = { ...together.data, labels: together.data.labels.with(0, 1 + (together.data.labels[0] % 2)) }
  const run = begin('data')
  await part(run, together, { calls: 30, resumed: false })
  assert.throws(() => new RunKeeper(run, other, true), /random are not the data it began with: .*--force/)
})

test('training goes on in the middle of an epoch', async () => {
  const { data, network, training, seeds } = { ...apart, seeds: [4] }
  const machine = new ReferenceMachine()
  const one = { data, network, training, seeds }
  const trainer = await Trainer.create(machine, one)
  await trainer.advance(3)
  const end = await trainer.state()
  machine.release()
  const first = await Trainer.create(machine, one)
  let stops = 0
  let from = { epoch: 0, steps: 0, networks: await first.state() }
  while (from.epoch < 3) {
    machine.release()
    const next = await Trainer.create(machine, one, { from })
    await next.advance(3, { seconds: 0 })
    from = { epoch: next.epoch, steps: next.steps, networks: await next.state() }
    if (next.steps > 0) stops++
  }
  assert.is(stops, 3, 'two steps an epoch')
  assert.equal(from.networks, end)
})

test.run()
