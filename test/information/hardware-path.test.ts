// What a hardware GPU does differently, lists of near tiles made on the device and wide workgroups, run on the adapter that is here:
// the same rows as by the software path, within their numerical errors.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { Measurer } from '../../src/information/measurer.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { shared, Trainer } from '../../src/training/trainer.js'
import { close } from '../close.js'
import { paperSetup } from '../training/setups.js'

const open = await openDevice()
test.after(() => open.destroy())

class AsHardware extends GpuMachine {
  override readonly software = false
}

/** The first 200 inputs of the paper's network, as it starts. */
async function measure(machine: GpuMachine, tolerance: number): Promise<InformationRow[]> {
  const { seed, data, network, training } = paperSetup(150)
  const few = { ...data, count: 200, inputs: data.inputs.slice(0, 200 * 12), labels: data.labels.slice(0, 200) }
  await Trainer.create(machine, { seed, data: few, network, training }, 'per-layer')
  const options = { layers: [1, 4], replicas: 8, ownReplicas: 16, batches: 8, queries: 1, tolerance }
  const measurer = await Measurer.create(machine, { seed, data: few, network, options, buffers: shared })
  const rows = await measurer.measure(0)
  machine.release()
  return rows
}

test('lists made on the device and on the host give the same rows', async () => {
  const machines = [new GpuMachine(open), new AsHardware(open)]
  for (const tolerance of [1e-6, 0]) {
    const [software, hardware] = [await measure(machines[0], tolerance), await measure(machines[1], tolerance)]
    software.forEach((row, i) => {
      const found = hardware[i]
      const bound = [row, found].reduce((sum, r) => sum + r.numerical_error! + r.certificate!, 1e-12)
      close(found.mi_corrected!, row.mi_corrected!, bound, `mi_corrected of layer ${row.layer}, tolerance ${tolerance}`)
      close(found.label_mi_corrected!, row.label_mi_corrected!, 2 * bound, `label_mi_corrected of layer ${row.layer}`)
      assert.ok(tolerance > 0 || found.certificate === 0, `layer ${row.layer}: nothing skipped, ${found.certificate}`)
    })
    assert.ok(tolerance === 0 || hardware.some((row) => row.certificate! > 0), 'something is skipped')
  }
})

test.run()
