// What an epoch consists of: every training input once, in an order of its own, the last partial batch kept.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { split } from '../../src/data/split.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { Trainer } from '../../src/training/trainer.js'
import { close } from '../close.js'
import { adamOptions, paperSetup, smallSetup } from './setups.js'

/** The orders of the first `epochs` epochs. */
async function ordersOf(seed: number, epochs: number): Promise<number[][]> {
  const machine = new ReferenceMachine()
  const trainer = await Trainer.create(machine, smallSetup(seed))
  const orders: number[][] = []
  for (let i = 0; i < epochs; i++) {
    trainer.startEpochs(1)
    orders.push([...(await machine.read('train.order', 0, 20))])
  }
  return orders
}

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b)

test('every epoch takes every training input once, in another order', async () => {
  const orders = await ordersOf(1, 5)
  const { train } = split(24, 20, 1)
  for (const order of orders) assert.equal(sorted(order), sorted(train))
  assert.is(new Set(orders.map(String)).size, orders.length)
})

test('orders come from the seed and nothing else', async () => {
  assert.equal(await ordersOf(1, 2), await ordersOf(1, 2))
  assert.is.not(String((await ordersOf(2, 1))[0]), String((await ordersOf(1, 1))[0]))
})

test('13 batches of the paper: 12 of 256 and one of 205', async () => {
  const trainer = await Trainer.create(new ReferenceMachine(), paperSetup(3277))
  assert.is(trainer.stepsPerEpoch, 13)
  const rows = trainer.schedule(1).map((step) => step.rows)
  assert.equal(rows, [...new Array(12).fill(256), 205])
  assert.equal(
    trainer.schedule(1).map((step) => step.batchStart),
    rows.map((_, i) => 256 * i),
  )
})

test("the optimiser's clock and the noise go on from epoch to epoch", async () => {
  const trainer = await Trainer.create(new ReferenceMachine(), smallSetup())
  const { learningRate, beta1, beta2 } = adamOptions
  for (const epoch of [0, 1, 2]) {
    const steps = trainer.schedule(1)
    const t = [2 * epoch + 1, 2 * epoch + 2]
    assert.equal(
      steps.map((step) => step.noiseStep),
      t.map((count) => count - 1),
    )
    close(
      steps.map((step) => step.stepSize),
      t.map((count) => learningRate / (1 - beta1 ** count)),
      0,
      'step sizes',
    )
    close(
      steps.map((step) => step.correction),
      t.map((count) => Math.sqrt(1 - beta2 ** count)),
      0,
      'corrections',
    )
    trainer.startEpochs(1)
    assert.is(trainer.epoch, epoch + 1)
  }
})

test('losses and accuracies are means over their own inputs, without noise', async () => {
  const machine = new ReferenceMachine()
  const setup = smallSetup()
  const trainer = await Trainer.create(machine, setup)
  const { train, test: rest } = split(24, 20, 1)
  const found = await trainer.evaluate()
  const [loss, correct] = [await machine.read('evaluate.loss'), await machine.read('evaluate.correct')]
  const mean = (values: ArrayLike<number>, rows: Uint32Array) =>
    rows.reduce((sum, row) => sum + values[row], 0) / rows.length
  close([found.trainLoss!, found.testLoss!], [mean(loss, train), mean(loss, rest)], 1e-12, 'losses')
  close([found.trainAccuracy!, found.testAccuracy!], [mean(correct, train), mean(correct, rest)], 1e-12, 'accuracies')
  assert.equal(await trainer.evaluate(), found)
})

test('a test set without inputs has no loss', async () => {
  const setup = smallSetup()
  const everything = { ...setup, training: { ...setup.training, trainCount: 24 } }
  const found = await (await Trainer.create(new ReferenceMachine(), everything)).evaluate()
  assert.is(found.testLoss, null)
  assert.is(found.testAccuracy, null)
  assert.ok(Number.isFinite(found.trainLoss))
})

test.run()
