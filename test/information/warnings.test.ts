// What a reader of the rows is told, and when nothing is.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addWarnings, trustedStepRatio } from '../../src/information/warnings.js'
import { quantities, type InformationRow, type QuantityColumns } from '../../src/tables/rows.js'

test('sound rows carry no warning', () => {
  assert.equal(warningsOf(row({ layer: 1 }), row({ layer: 2, mi: 4.98, mi_corrected: 4.97 })), [[], []])
})

test('above the ceiling beyond 3 SE and numerical errors', () => {
  const high = (by: number) =>
    row({ mi: 5.5, mi_corrected: 5.5 + by, mi_ceiling: 5.5, numerical_error: 0.002, certificate: 0.001 })
  assert.equal(warningsOf(high(0.0329)), [[]])
  says(warningsOf(high(0.0332)), 0, /ceiling.*ownReplicas/)
})

test('too few replicas: the step ratio speaks before the size of the correction', () => {
  says(
    warningsOf(row({ step_ratio: trustedStepRatio + 0.01, mi: 5.2 })),
    0,
    /too few replicas.*sampling error only.*ownReplicas/,
  )
  assert.equal(warningsOf(row({ step_ratio: trustedStepRatio })), [[]])
})

test('a large correction: over 0.05 nats and over 2 SE', () => {
  says(warningsOf(row({ mi: 5.051 })), 0, /bias correction is large.*ownReplicas/)
  assert.equal(warningsOf(row({ mi: 5.049 })), [[]], '0.049 nats')
  assert.equal(warningsOf(row({ mi: 5.07, mi_se: 0.04 })), [[]], 'under 2 SE')
  says(warningsOf(row({ mi: 4.9 })), 0, /bias correction is large/)
})

test('more about the label than about the input', () => {
  const row5 = (mi: number) => row({ mi, mi_corrected: mi, label_mi_corrected: 0.69, label_mi_se: 0.01 })
  const reach = 3 * Math.hypot(0.01, 0.01)
  assert.equal(warningsOf(row5(0.6901 - reach)), [[]])
  says(warningsOf(row5(0.6899 - reach - 1e-3)), 0, /I\(Y;T\).*I\(X;T\)/)
})

test('more than the layer below: beyond 3 SE of the difference and numerical errors', () => {
  const [below, reach] = [row({ layer: 1, numerical_error: 1e-3 }), 3 * Math.hypot(0.01, 0.01) + 1e-3]
  const above = (by: number) => row({ layer: 2, mi: 5 + by, mi_corrected: 5 + by })
  assert.equal(warningsOf(below, above(reach - 1e-4)), [[], []])
  says(warningsOf(below, above(reach + 1e-3)), 1, /layer below.*data processing/)
})

test('more than the layer below is a softer word where replicas are too few to tell', () => {
  const weak = { step_ratio: 0.8 }
  for (const [below, above] of [
    [weak, {}],
    [{}, weak],
  ]) {
    const found = warningsOf(row({ layer: 1, ...below }), row({ layer: 2, mi: 5.2, mi_corrected: 5.2, ...above }))
    const told = found[1].find((warning) => warning.includes('layer below'))!
    assert.match(told, /too few to tell/)
    assert.not.match(told, /cannot be/)
  }
})

test('deterministic rows keep the one line they have, and compare with nothing', () => {
  const nothing = Object.fromEntries(Object.keys(estimates()).map((column) => [column, null]))
  const line = 'deterministic layer'
  const silent = {
    ...row({ layer: 1 }),
    ...nothing,
    regime: 'deterministic' as const,
    warnings: [line],
  } as InformationRow
  assert.equal(warningsOf(silent, row({ layer: 2, mi: 5.4, mi_corrected: 5.4 })), [[line], []])
})

test('values stay as they are', () => {
  const rows = [row({ layer: 1, mi: -0.02, mi_corrected: -0.03 }), row({ layer: 2, mi: 9, mi_corrected: 9 })]
  const before = rows.map(({ warnings: _, ...values }) => values)
  addWarnings(rows)
  assert.equal(
    rows.map(({ warnings: _, ...values }) => values),
    before,
  )
})

function says(warnings: string[][], at: number, expected: RegExp): void {
  assert.is(warnings[at].length, 1, `one warning in ${JSON.stringify(warnings)}`)
  assert.match(warnings[at][0], expected)
}

function warningsOf(...rows: InformationRow[]): string[][] {
  addWarnings(rows)
  return rows.map((one) => one.warnings)
}

/** A row of 5 nats +- 0.01 in layer 5 of 256 inputs. */
function row(values: Partial<InformationRow>): InformationRow {
  return {
    ...estimates(),
    ...{ seed: 1, epoch: 10, layer: 5, dimension: 3, inputs: 256, replicas: 16, own_replicas: 64, batches: 16 },
    ...{ mi_ceiling: Math.log(256), certificate: 0, numerical_error: 0, step_ratio: null, regime: 'all' as const },
    ...{ queries: 4096, seconds: 0, warnings: [] },
    ...values,
  }
}

function estimates(): QuantityColumns {
  const values = { mi: 5, label_mi: 0.6, h_t: -5, h_t_given_x: -10, h_t_given_y: -5.6 }
  const columns = quantities.flatMap((q) => [
    [q, values[q]],
    [`${q}_corrected`, values[q]],
    [`${q}_se`, 0.01],
    [`${q}_low`, values[q] - 0.02],
    [`${q}_high`, values[q] + 0.02],
  ])
  return Object.fromEntries(columns) as QuantityColumns
}

test.run()
