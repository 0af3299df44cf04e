/**
 * The plain f64 estimator on the samples that a measurement drew: it averages -log g, has its own noise and shares no code.
 *
 * With K = R both look at the same mixtures, so that their raw values estimate one number and differ by the noise of their
 * queries only: per query the plain one's spread, and a query's own noise energy more for h. Where the program corrects for
 * few replicas, the plain estimate is off by the correction.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import type { ActivationRows } from '../../src/tables/rows.js'
import { plainMutualInformation } from './plain-estimator.js'
import { trainedNetwork } from './trained-network.js'

const [inputs, noiseStd] = [128, 0.02]
const options = { layers: [1, 2, 3, 4, 5], replicas: 16, ownReplicas: 16, batches: 16, queries: 1, tolerance: 1e-6 }
const { measurer, close: done } = await trainedNetwork(inputs, 150, noiseStd, options)
const rows = await measurer.measure(150)
const samples = await measurer.activations(150, options.replicas)
done()

for (const [i, row] of rows.entries()) {
  test(`layer ${row.layer}: I(X;T), h(T) and h(T|X) agree`, () => {
    const found = plainMutualInformation(byInput(samples[i]), row.dimension, noiseStd, 16, 7)
    process.stdout.write(
      `layer ${row.layer}: mi ${row.mi}, plain ${found.mi} +- ${found.se}, corrected ${row.mi_corrected}\n`,
    )
    const [queries, plainQueries] = [row.queries, 16 * inputs]
    const difference = 4 * found.se * Math.sqrt(1 + plainQueries / queries) + row.numerical_error! + row.certificate!
    close(row.mi!, found.mi, difference + 1e-9, 'raw mi, errors of the queries only')
    const correction = Math.abs(row.mi_corrected! - row.mi!)
    close(
      row.mi_corrected!,
      found.mi,
      4 * Math.hypot(found.se, row.mi_se!) + correction + row.numerical_error! + 1e-9,
      'mi',
    )
    const energy = Math.sqrt(row.dimension / 2 / plainQueries)
    close(row.h_t!, found.hT, 4 * Math.hypot(energy, found.se, row.h_t_se!), 'h(T)')
    close(row.h_t_given_x!, found.hTGivenX, 4 * Math.hypot(energy, row.h_t_given_x_se!), 'h(T|X)')
  })
}

test('the comparison means something: clouds apart below, overlapping above', () => {
  assert.ok(rows[4].mi! < 0.8 * Math.log(inputs) && rows[4].mi! > 0.1, `layer 5: ${rows[4].mi} nats`)
  close(rows[0].mi!, Math.log(inputs), 0.01, 'layer 1')
})

function byInput({ width, s }: ActivationRows): Float32Array[] {
  const each = s.length / inputs
  assert.is(each % width, 0)
  return Array.from({ length: inputs }, (_, x) => s.subarray(x * each, (x + 1) * each))
}

test.run()
