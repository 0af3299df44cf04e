// What a hardware GPU does differently, wide workgroups and long dispatches, run on the adapter that is here: the same rows as by the
// software path, within their numerical errors.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import type { Measurer } from '../../src/information/measurer.js'
import { close } from '../close.js'
import { dataOf, measurerOn } from '../truth/fixed-network.js'
import { normals } from '../truth/plain-estimator.js'

const [open, noiseStd, tolerance] = [await openDevice(), 0.1, 1e-6]
test.after(() => open.destroy())

class AsHardware extends GpuMachine {
  override readonly software = false
}

/** 200 inputs in 25 clusters, some touching; the second layer draws everything together, so that moments are used. */
function measurer(machine: GpuMachine): Promise<Measurer> {
  const normal = normals(3)
  const clusters = Array.from({ length: 25 }, () => Array.from({ length: 3 }, () => 2 * normal()))
  const inputs = Array.from({ length: 200 }, (_, x) => clusters[x % 25].map((at) => at + 0.1 * normal()))
  const layers = [3, 3, 1].map((width) => ({ width, activation: 'linear' as const }))
  const [first, second] = [1, 0.1].map((w) => [w, 0, 0, 0, w, 0, 0, 0, w, 0, 0, 0])
  return measurerOn(machine, {
    data: dataOf(inputs),
    network: { inputWidth: 3, layers, noiseStd },
    parameters: [...first, ...second, 1, 1, 1, 0],
    options: { layers: [1, 2], replicas: 16, ownReplicas: 32, batches: 8, queries: 2, tolerance },
  })
}

test('wide workgroups and long dispatches give the same rows', async () => {
  const machines = [new GpuMachine(open), new AsHardware(open)]
  const [software, hardware] = await Promise.all(machines.map(async (m) => (await measurer(m)).measure(0)))
  software.forEach((row, i) => {
    const found = hardware[i]
    const bound = [row, found].reduce((sum, r) => sum + r.numerical_error! + r.certificate!, 1e-12)
    close(found.mi_corrected!, row.mi_corrected!, bound, `mi_corrected of layer ${row.layer}`)
    close(found.label_mi_corrected!, row.label_mi_corrected!, 2 * bound, `label_mi_corrected of layer ${row.layer}`)
    for (const { certificate } of [row, found]) {
      assert.ok(certificate! > 0 && certificate! <= 1.001 * tolerance, `layer ${row.layer}: ${certificate}`)
    }
  })
})

test.run()
