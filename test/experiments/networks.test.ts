// What a configuration may say of a network, and what is told where it cannot stand.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { icosahedron } from '../../src/data/icosahedron.js'
import { InputError } from '../../src/errors.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode, toDraft } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'
import { titleOf, variantChanges } from '../../src/experiments/variant.js'
import { layerTable } from '../../src/network/network.js'

function draftOf(...sets: string[]) {
  const config = readConfig(szt.defaults, { sets }, variantChanges(szt))
  return { config, draft: toDraft(applyMode(config, szt), icosahedron()) }
}

const layers = (...list: string[]) => `network.layers=[${list.join(', ')}]`
const last = '{ width: 2, activation: linear }'

function mistake(...sets: string[]): string {
  try {
    draftOf(...sets)
  } catch (error) {
    assert.instance(error, InputError)
    return (error as Error).message
  }
  throw new Error('no mistake was found')
}

test('variants change what their names say, and options go before them', () => {
  const of = (...sets: string[]) => draftOf(...sets).config
  assert.is(of('variant=orthonormal').training.orthonormal, 1e-3)
  assert.is(of('variant=orthonormal', 'training.orthonormal=0.01').training.orthonormal, 0.01)
  assert.equal(of('variant=relu').network.layers[0], { width: 10, activation: 'relu' })
  assert.equal(of('variant=relu').network.layers[5], { width: 2, activation: 'linear' })
  assert.is(of('variant=linear').noise.std, 0.01)
  assert.is(of('variant=deterministic').noise.std, 0)
  assert.is(of('variant=weight-norm').training.weightNorm, true)
  assert.is(titleOf(szt, of('variant=shuffled-labels')).split(': ')[1], 'shuffled labels')
  assert.match(mistake('variant=orthonormla'), /^unknown variant of szt 'orthonormla': did you mean 'orthonormal'\?/)
})

test('shuffled labels are the same labels elsewhere', async () => {
  const plain = await szt.data(szt.defaults)
  const shuffled = await szt.data(draftOf('variant=shuffled-labels').config)
  const ones = (labels: Uint32Array) => labels.reduce((sum, label) => sum + label, 0)
  assert.is(ones(shuffled.labels), ones(plain.labels))
  const moved = shuffled.labels.filter((label, i) => label !== plain.labels[i]).length
  assert.ok(moved > 1800 && moved < 2300, `${moved} of 4096 differ, about half`)
})

test('a layer has the shape that what came in gives it', () => {
  const text = layers('{ width: 9, activation: relu, noiseStd: 0.5 }', '{ type: dropout, rate: 0.1 }', last)
  const [dense, dropout, logits] = layerTable(draftOf(text).draft.network)
  assert.equal([dense.inputs, dense.width, dense.noiseStd], [12, 9, 0.5])
  assert.equal([dropout.inputs, dropout.width, dropout.noiseStd, logits.noiseStd], [9, 9, 0, 0])
  assert.equal(draftOf(text).draft.measurement.layers, [1], 'dropout computes nothing that could be measured')
})

test('a layer that cannot stand on the one below is named, with what came in', () => {
  const convolution = '{ type: conv2d, channels: 2, kernel: 3, activation: tanh }'
  assert.is(
    mistake(layers(convolution, last)),
    'network.layers: layer 1: a kernel of 3 x 3 does not fit: 12 x 1 x 1 came in',
  )
  assert.is(
    mistake(layers('{ type: max-pool, size: 2 }', last)),
    'network.layers: layer 1: a window of 2 x 2 does not fit: 12 x 1 x 1 came in',
  )
  assert.match(mistake(layers('{ width: 3, activation: tanh }', '{ type: flatten }')), /the last width, 3, is not 2/)
})

test('an unknown type, a missing number, a key of another type', () => {
  assert.match(mistake(layers('{ type: convolution, channels: 3 }', last)), /'convolution' is not a layer: .*conv2d/)
  assert.match(
    mistake(layers('{ type: conv2d, kernel: 3, activation: tanh }', last)),
    /0\.channels: nothing is not a whole/,
  )
  assert.match(mistake(layers('{ width: 3, activation: tanh, stride: 2 }', last)), /unknown key/)
  assert.match(mistake(layers('{ type: dropout, rate: 1 }', last)), /1 is not a number >= 0 and < 1/)
})

test('training options that contradict each other', () => {
  const both = mistake('training.orthonormal=0.1', 'training.weightNorm=true')
  assert.match(both, /^--set training.weightNorm: true is not .*training.orthonormal/)
  assert.match(mistake('training.schedule=geometric'), /^training.finalLearningRate: 0 is not > 0/)
  assert.match(mistake('training.optimiser=rmsprop'), /'rmsprop' is not adam or sgd/)
})

test.run()
