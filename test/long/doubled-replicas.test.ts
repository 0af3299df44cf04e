/**
 * The end of a full run measured twice, the second time with twice the replicas and own replicas: layer 5 stays where it was.
 * COST about 3 minutes on 2 cores with the embedded software adapter.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Measurer } from '../../src/information/measurer.js'
import { openMachine } from '../../src/machine/open.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { shared, Trainer } from '../../src/training/trainer.js'
import { paperSetup } from '../training/setups.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const setup = paperSetup(3277)

async function lastLayers(replicas: number, ownReplicas: number): Promise<InformationRow[]> {
  const parameters = await machine.read(shared.parameters)
  machine.release()
  await Trainer.create(machine, setup)
  machine.write(shared.parameters, parameters)
  const options = { layers: [3, 4, 5], replicas, ownReplicas, batches: 8, queries: 1, tolerance: 1e-6 }
  const { seed, data, network } = setup
  const measurer = await Measurer.create(machine, { seed, data, network, options, buffers: shared })
  return measurer.measure(10_000)
}

test('layer 5 after 10,000 epochs: less than .05 nats apart with 8 and 16 replicas, 512 and 1024 own replicas', async () => {
  const trainer = await Trainer.create(machine, setup)
  for (let epoch = 1; epoch <= 10_000; epoch++) {
    trainer.startEpoch()
    if (epoch % 100 === 0) await trainer.finish()
  }
  const [once, twice] = [await lastLayers(8, 512), await lastLayers(16, 1024)]
  for (const [i, row] of once.entries()) {
    const told = `${row.mi_corrected} and ${twice[i].mi_corrected} nats, SE ${row.mi_se} and ${twice[i].mi_se}`
    console.log(`layer ${row.layer}: ${told}`)
    if (row.layer === 5) assert.ok(Math.abs(row.mi_corrected! - twice[i].mi_corrected!) < 0.05, told)
  }
})

test.run()
