import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { icosahedron } from '../../src/data/icosahedron.js'
import { shuffledLabels } from '../../src/data/shuffled-labels.js'
import { split } from '../../src/data/split.js'

const data = icosahedron()

test('inputs stay, labels are the same ones in another order, and the name says so', () => {
  const shuffled = shuffledLabels(data, 7)
  assert.is(shuffled.name, 'icosahedron, labels shuffled (key 7)')
  assert.is(shuffled.inputs, data.inputs)
  assert.is(shuffled.labels.filter((label) => label === 1).length, 2118)
  assert.equal(data.labels, icosahedron().labels, 'the labels that were given are left alone')
})

test('labels tell nothing of the old ones, nor of who is trained on', () => {
  const shuffled = shuffledLabels(data, 7)
  const agreeing = shuffled.labels.filter((label, i) => label === data.labels[i]).length
  const p = (2118 / 4096) ** 2 + (1978 / 4096) ** 2
  assert.ok(Math.abs(agreeing - 4096 * p) < 4 * Math.sqrt(4096 * p * (1 - p)), `${agreeing} labels agree`)
  const ones = split(4096, 2048, 7).train.filter((row) => shuffled.labels[row] === 1).length
  assert.ok(Math.abs(ones - 1059) < 4 * Math.sqrt(2048 * 0.25 * 0.5), `${ones} ones to train on`)
})

test('the key alone decides', () => {
  assert.equal(shuffledLabels(data, 7).labels, shuffledLabels(data, 7).labels)
  assert.not.equal(shuffledLabels(data, 7).labels, shuffledLabels(data, 8).labels)
})

test.run()
