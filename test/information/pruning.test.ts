// Centers that cannot matter are skipped: against the same noise with nothing skipped, every estimate stays within its bound.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { dataOf, measurerOf } from '../truth/fixed-network.js'
import { normals } from '../truth/plain-estimator.js'

const noiseStd = 0.05
const count = 48

/** 48 inputs in two dimensions: in pairs, far apart, in a line that thins out, all in one place, and far from the origin. */
const normal = normals(1)
const scenes: Record<string, number[][]> = {
  clustered: Array.from({ length: count }, (_, i) => [i >> 3, (i % 8) / 200]),
  spread: Array.from({ length: count }, () => [4 * normal(), 4 * normal()]),
  thinning: Array.from({ length: count }, (_, i) => [(i / count) ** 2 * 3, 0]),
  equal: Array.from({ length: count }, () => [0.3, -0.2]),
  offset: Array.from({ length: count }, () => [1000 + normal() / 4, -500 + normal() / 4]),
}

/** One network for each tolerance; the inputs are written into it. */
const tolerances = [0, 1e-6, 1000]
const measured = new Map(await Promise.all(tolerances.map(async (t) => [t, await network(t)] as const)))
test.after(() => measured.forEach(({ close: done }) => done()))

for (const [name, inputs] of Object.entries(scenes)) {
  test(`${name}: nothing changes by more than the certificate`, async () => {
    const whole = await measure(inputs, 0)
    for (const row of whole) assert.is(row.certificate, 0, 'tolerance 0 skips nothing')
    for (const tolerance of tolerances.slice(1)) {
      const pruned = await measure(inputs, tolerance)
      pruned.forEach((row, i) => agrees(row, whole[i], `${name}, layer ${i + 1}, tolerance ${tolerance}`))
    }
  })
}

test('where clusters are apart centers are skipped, and the certificate says how much that can be', async () => {
  for (const name of ['clustered', 'spread', 'thinning']) {
    for (const { certificate, layer } of await measure(scenes[name], 1e-6)) {
      assert.ok(certificate! > 0 && certificate! <= 1.001e-6, `${name}, layer ${layer}: ${certificate}`)
    }
  }
})

test('a tolerance of 1000 skips what can be seen, so that the certificate is needed', async () => {
  const [[whole], [pruned]] = [await measure(scenes.thinning, 0), await measure(scenes.thinning, 1000)]
  const change = pruned.mi! - whole.mi!
  assert.ok(change > 2 * whole.numerical_error!, `mi of layer 1 rises by ${change}, rounding ${whole.numerical_error}`)
})

test('inputs on their own, with all replicas close together: what is summed with them and taken out again is told', async () => {
  const apart = Array.from({ length: 12 }, () => [100 * normal(), 100 * normal()])
  const rows: InformationRow[][] = []
  for (const tolerance of [0, 1e-6]) {
    const { measurer, close: done } = await network(tolerance, { inputs: apart, shrink: 0.03, replicas: 128 })
    rows.push(await measurer.measure(0))
    done()
  }
  rows[1].forEach((row, i) => agrees(row, rows[0][i], `layer ${i + 1}`))
  assert.ok(rows[1][1].mi! !== rows[0][1].mi!, 'by another way')
})

/** Both runs round their sums; label_mi is the difference of two logarithms of which either may be off. */
function agrees(row: InformationRow, whole: InformationRow, what: string): void {
  const bound = row.certificate! + row.numerical_error! + whole.numerical_error! + 1e-12
  close(row.mi_corrected!, whole.mi_corrected!, bound, `mi_corrected, ${what}`)
  close(row.mi!, whole.mi!, bound, `mi, ${what}`)
  close(row.label_mi_corrected!, whole.label_mi_corrected!, 2 * bound, `label_mi_corrected, ${what}`)
}

async function measure(inputs: number[][], tolerance: number): Promise<InformationRow[]> {
  const { machine, measurer } = measured.get(tolerance)!
  machine.write('inputs', Float32Array.from(inputs.flat()))
  return measurer.measure(0)
}

/** A rotation after the identity: two noisy layers in which the inputs keep their places, or shrink towards 0. */
function network(tolerance: number, { inputs = scenes.equal, shrink = 1, replicas = 16 } = {}) {
  const [plane, logits] = [
    { width: 2, activation: 'linear' as const },
    { width: 1, activation: 'linear' as const },
  ]
  return measurerOf({
    data: dataOf(inputs),
    network: { inputWidth: 2, layers: [plane, plane, logits], noiseStd },
    parameters: [1, 0, 0, 1, 0, 0, ...[0.8, -0.6, 0.6, 0.8].map((w) => shrink * w), 0, 0, 1, 1, 0],
    options: { layers: [1, 2], replicas, ownReplicas: 2 * replicas, batches: 8, queries: 1, tolerance },
  })
}

test.run()
