/**
 * What more replicas change, on the SZT network along its training: corrected values of layers 3 to 5 at the default replicas stay
 * within .05 nats of those with eight times as many, or their rows say that they are not to be trusted; and at the end, those of a
 * full run stay where twice as many put them.
 * COST about 10 minutes on 2 cores with the embedded software adapter.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Measurer } from '../../src/information/measurer.js'
import { openMachine } from '../../src/machine/open.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { shared } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { paperSetup } from '../training/setups.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const setup = paperSetup(3277)
/** First peak, first valley, second peak, end. */
const epochs = [22, 60, 559, 10_000]
const parameters = new Map<number, Float32Array>()

async function lastLayers(epoch: number, replicas: number, ownReplicas: number): Promise<InformationRow[]> {
  machine.release()
  await Trainer.create(machine, setup)
  machine.write(shared.parameters, parameters.get(epoch)!)
  const options = { layers: [3, 4, 5], replicas, ownReplicas, batches: 8, queries: 1, tolerance: 1e-6 }
  const { data, network } = setup
  const measurer = await Measurer.create(machine, { seed: 1, data, network, options, buffers: shared })
  return measurer.measure(epoch)
}

/** Rows of both; printed. */
async function both(epoch: number, one: [number, number], other: [number, number]): Promise<InformationRow[][]> {
  const rows = [await lastLayers(epoch, ...one), await lastLayers(epoch, ...other)]
  rows[0].forEach((row, i) => {
    const [a, b] = [row, rows[1][i]].map((r) => `${r.mi_corrected!.toFixed(3)} (SE ${r.mi_se!.toFixed(3)})`)
    console.log(
      `epoch ${epoch}, layer ${row.layer}: ${a}, with more ${b} nats; ${row.warnings.join('; ') || 'no warning'}`,
    )
  })
  return rows
}

test.before(async () => {
  const trainer = await Trainer.create(machine, setup)
  for (let epoch = 1; epoch <= epochs.at(-1)!; epoch++) {
    trainer.startEpochs(1)
    if (epoch % 100 === 0) await trainer.finish()
    if (epochs.includes(epoch)) parameters.set(epoch, await trainer.parameters())
  }
})

for (const epoch of epochs) {
  test(`epoch ${epoch}: R = 8, K = 128 and eight times as many`, async () => {
    const [few, many] = await both(epoch, [8, 128], [64, 1024])
    few.forEach((row, i) => {
      const apart = Math.abs(row.mi_corrected! - many[i].mi_corrected!)
      assert.ok(apart < 0.05 || row.warnings.length > 0, `layer ${row.layer}: ${apart} nats apart, and no warning`)
    })
  })
}

test('the end: R = 8, K = 512 and twice as many, layer 5 less than .05 nats apart', async () => {
  const [once, twice] = await both(10_000, [8, 512], [16, 1024])
  const apart = Math.abs(once[2].mi_corrected! - twice[2].mi_corrected!)
  assert.ok(apart < 0.05, `${apart} nats apart`)
})

test.run()
