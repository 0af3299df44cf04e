// Angles that are known, and rows that have none.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cosineFigures } from '../../src/clustering/cosine-similarity.js'
import { close } from '../close.js'

const figures = (a: number[], b: number[], width: number) =>
  cosineFigures(Float32Array.from(a), Float32Array.from(b), width)

test('a row beside itself is at 1 exactly, whatever its numbers', () => {
  const rows = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 7) - 3))
  const { inputs, ...all } = cosineFigures(rows, rows, 3)
  assert.is(inputs, 100)
  for (const [name, value] of Object.entries(all)) assert.is(value, 1, name)
})

test('opposite, orthogonal and in between, lengths of no matter', () => {
  const found = figures([1, 0, 2, 0, 0, 3, 1, 1], [-5, 0, 0, 1, 0, 7, 4, 0], 2)
  assert.is(found.inputs, 4)
  close([found.cosine_mean!, found.cosine_median!], [Math.SQRT1_2 / 4, Math.SQRT1_2 / 2], 1e-12, 'cosines')
  close([found.cosine_q25!, found.cosine_q75!], [-0.25, 0.75 * Math.SQRT1_2 + 0.25], 1e-12, 'quartiles')
})

test('rows at the origin have no direction, and all such rows no figures', () => {
  assert.is(figures([0, 0, 1, 1], [1, 0, 1, 1], 2).inputs, 1)
  const none = figures([0, 0], [1, 1], 2)
  assert.equal([none.inputs, none.cosine_mean, none.cosine_q05, none.cosine_q95], [0, null, null, null])
  assert.throws(() => figures([1, 2], [1], 1), /2 numbers against 1/)
})

test.run()
