/**
 * At fixed weights, mi_corrected over repetitions with other noise spreads as mi_se says, within a factor 1.5.
 *
 * 60 repetitions: 59 spread^2 / sigma^2 is chi-squared with 59 degrees of freedom, so a true standard error leaves the factor
 * with chance P(chi2 < 26.2) + P(chi2 > 132.8) = 7e-5 a layer; 20 repetitions would leave it in one layer of fifty. The mean
 * of the reported errors is known to 1 / sqrt(2 x 15 x 60) = 2 %.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mean, variance } from '../../src/math/statistics.js'
import { trainedNetwork } from './trained-network.js'

const repetitions = 60

test(`spread of ${repetitions} measurements against the standard errors they reported`, async () => {
  const options = { layers: [3, 4, 5], replicas: 16, ownReplicas: 64, batches: 16, queries: 1, tolerance: 1e-6 }
  const { measurer, close } = await trainedNetwork(64, 150, 0.02, options)
  const rows = []
  for (let number = 0; number < repetitions; number++) rows.push(await measurer.measure(150, { number }))
  close()
  const ratios = new Map<number, number>()
  for (const layer of options.layers) {
    const measured = rows.flat().filter((row) => row.layer === layer)
    const [values, errors] = [measured.map((row) => row.mi_corrected!), measured.map((row) => row.mi_se!)]
    process.stdout.write(
      `layer ${layer}: ${mean(values)}, spread ${Math.sqrt(variance(values))}, mi_se ${mean(errors)}\n`,
    )
    assert.ok(mean(errors) > 1e-3, `layer ${layer}: clouds that overlap`)
    ratios.set(layer, Math.sqrt(variance(values)) / mean(errors))
  }
  for (const [layer, ratio] of ratios)
    assert.ok(ratio > 1 / 1.5 && ratio < 1.5, `layer ${layer}: spread / mi_se = ${ratio}`)
})

test.run()
