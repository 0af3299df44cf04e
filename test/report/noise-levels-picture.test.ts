/** The picture of I(X;T) against the noise says what it shows, and draws a capacity only where it is one. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noiseLevelsSpecification } from '../../src/report/noise-levels-picture.js'
import type { NoiseLevelRow } from '../../src/tables/rows.js'

/** Of one layer of 2 neurons and 64 inputs; `bounded` activations lie in [-1, 1]. */
function textOf(bounded: boolean, trained: number | null): string {
  const rows = [0.01, 0.1, 1].map((noise_std) => {
    const capacity = Math.log1p(1 / noise_std ** 2)
    const mi_ceiling = bounded ? Math.min(Math.log(64), capacity) : Math.log(64)
    const values = { mi_corrected: 0.5, mi_low: 0.4, mi_high: 0.6, step_ratio: 0.5, mi_ceiling }
    return { layer: 1, dimension: 2, inputs: 64, noise_std, ...values } as NoiseLevelRow
  })
  return JSON.stringify(noiseLevelsSpecification({ title: 'a', subtitle: 'b', rows, trained }))
}

test('the capacity of a layer whose activations have no bound is not drawn', () => {
  assert.match(textOf(true, 0), 'dotted: (d/2) log(1 + 1/noise²)')
  assert.not.match(textOf(false, 0), 'dotted')
})

test('the noise of training is said, and marked where it lies among the others', () => {
  assert.match(textOf(true, 0), 'trained without noise')
  assert.match(textOf(true, 0.1), 'trained with noise 0.1')
  assert.match(textOf(true, 0.1), 'trained: 0.1')
  assert.match(textOf(true, null), 'trained with a noise of its own in each layer')
  assert.not.match(textOf(true, null), 'trained: ')
})

test.run()
