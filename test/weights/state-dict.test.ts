// State_dicts of any names: each tensor finds its layer, or one line says all that is wrong.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import type { NetworkSpec } from '../../src/network/network.js'
import { stateDict } from '../../src/network/parameters.js'
import type { Tensor } from '../../src/tables/rows.js'
import { readSafetensors, writeSafetensors } from '../../src/tables/safetensors.js'
import { stateDictParameters } from '../../src/weights/state-dict.js'
import { close } from '../close.js'
import { scratchFolder } from '../tables/sample-run.js'
import { deep, lenet, mlp, named, parametersOf, sorted, tensor } from './models.js'

const folder = scratchFolder(test)
const name = 'model.safetensors'
const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** Every number in its place; the notes. */
function fits(network: NetworkSpec, tensors: Tensor[], map: string[] = []): string[] {
  const { parameters, notes } = stateDictParameters(network, tensors, { map, name })
  assert.equal(parameters, parametersOf(network))
  return notes
}

function refuses(network: NetworkSpec, tensors: Tensor[], pattern: RegExp | string, map: string[] = []): void {
  try {
    stateDictParameters(network, tensors, { map, name })
  } catch (error) {
    assert.instance(error, InputError)
    assert.not.match((error as Error).message, /\n/)
    return assert.match((error as Error).message, pattern)
  }
  assert.unreachable('it was taken')
}

test('what infoflow saved comes back, convolutions too, through a file', () => {
  for (const network of [mlp, deep, lenet]) {
    const path = join(folder, 'own.safetensors')
    writeSafetensors(path, stateDict(network, parametersOf(network)), { format: 'pt' })
    assert.equal(fits(network, readSafetensors(path).tensors), [])
    assert.equal(fits(network, sorted(readSafetensors(path).tensors)), [])
  }
})

test('names as PyTorch users give them, in the order of the model and sorted', () => {
  const names: [NetworkSpec, string[]][] = [
    [mlp, ['fc1', 'fc2', 'fc3']],
    [mlp, ['fc1', 'fc2', 'out']],
    [mlp, ['net.0', 'net.3', 'net.6']],
    [lenet, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']],
    [lenet, ['features.0', 'features.3', 'classifier.1', 'classifier.4', 'classifier.6']],
    [deep, numbers('layers.', 12)],
    [deep, numbers('blocks.', 12).map((prefix) => `${prefix}.linear`)],
  ]
  for (const [network, prefixes] of names) {
    assert.equal(fits(network, named(network, prefixes)), [])
    assert.equal(fits(network, sorted(named(network, prefixes))), [])
  }
})

test('which tensor went where is told', () => {
  const { matched } = stateDictParameters(lenet, named(lenet, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']), { name })
  assert.equal(
    matched.map(({ layer }) => layer),
    [1, 3, 6, 8, 9],
  )
  assert.equal(matched[1], { layer: 3, weight: 'conv2.weight', bias: 'conv2.bias' })
})

test('wrappers that all names have are left out, in the guess and in the map', () => {
  for (const wrapper of ['module.', 'model.', 'net.', 'state_dict.model.', 'module._orig_mod.']) {
    const tensors = named(deep, numbers(`${wrapper}`, 12))
    assert.equal(fits(deep, sorted(tensors)), [])
    assert.equal(fits(deep, tensors, ['2=1', `1=${wrapper}0`]), [])
  }
})

test('the order of a model that wrote it counts; one that is sorted says nothing of words', () => {
  const prefixes = ['stem', ...numbers('block', 10), 'head']
  assert.equal(fits(deep, named(deep, prefixes)), [])
  refuses(
    deep,
    sorted(named(deep, prefixes)),
    /: layers 1 \[5, 5\], 2 \[5, 5\].* could be .*head, stem.* sorted by name: say which .* with --map 1=PREFIX/,
  )
  assert.equal(fits(deep, sorted(named(deep, prefixes)), ['1=stem', '12=head']), [])
})

test('where order and shapes disagree and shapes fit in one way, they are believed, and it is said', () => {
  const [a, b, c, d, e, f] = named(mlp, ['first', 'second', 'third'])
  const notes = fits(mlp, [e, f, a, b, c, d])
  assert.equal(notes, ["layers were told apart by shapes: the file's order does not fit"])
  assert.equal(fits(mlp, sorted(named(mlp, ['fc3', 'fc1', 'fc2']))), notes)
})

test('a map by prefix, by tensor, of some layers or all', () => {
  const tensors = sorted(named(deep, ['z', ...numbers('m', 11)]))
  assert.equal(fits(deep, tensors, ['1=z']), [])
  const odd = named(mlp, ['a', 'b', 'c']).map((one) => ({ ...one, name: one.name.replace('a.weight', 'encoder.w') }))
  assert.equal(fits(mlp, odd, ['1.weight=encoder.w', '1.bias=a.bias']), [])
  assert.equal(fits(mlp, odd, [' 1.bias = a.bias ', '1.weight=encoder.w', '3=c']), [])
})

test('with every layer named, what is left over is a note', () => {
  const tensors = [...named(mlp, ['a', 'b', 'c']), tensor('decoder.weight', [3, 2]), tensor('scale', [])]
  assert.equal(fits(mlp, tensors, ['1=a', '2=b', '3=c']), ['not used: decoder.weight [3, 2], scale []'])
  refuses(
    mlp,
    tensors,
    /no layer takes decoder\.weight \[3, 2\], scale \[\]: change network\.layers, or .* --map LAYER=PREFIX/,
  )
})

test('two layers share a weight only where a map says so', () => {
  const tied: NetworkSpec = { ...mlp, inputWidth: 4, layers: [1, 2].map(() => ({ width: 4, activation: 'tanh' })) }
  const { parameters, notes } = stateDictParameters(tied, [tensor('fc.weight', [4, 4])], {
    map: ['1=fc', '2=fc'],
    name,
  })
  assert.equal(
    [...parameters],
    [...Array(2)].flatMap(() => [...Array(16).fill(0.5), ...Array(4).fill(0)]),
  )
  assert.ok(notes.includes('layers 1 and 2 share fc.weight'))
})

test('mistakes in a map, each with what was meant', () => {
  const tensors = named(lenet, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'])
  const wrong = (line: string, pattern: RegExp) => refuses(lenet, tensors, pattern, line.split(' '))
  wrong('fc1=6', /--map fc1=6: did you mean 6=fc1\? expected LAYER=PREFIX or LAYER\.weight=NAME/)
  wrong('6', /--map 6: expected LAYER=PREFIX/)
  wrong('6.wieght=fc1', /expected LAYER=PREFIX/)
  wrong('7=fc1', /--map 7=fc1: layer 7 \(dropout\) has no weights; those with weights are 1, 3, 6, 8, 9/)
  wrong('10=fc1', /--map 10=fc1: there is no layer 10: did you mean 9\? layers count from 1/)
  wrong('0=fc1', /there is no layer 0: did you mean 1\?/)
  wrong(
    '6=fv1',
    /--map 6=fv1: model\.safetensors has no module 'fv1': did you mean 'fc1'\? it has conv1, conv2, fc1, fc2, fc3/,
  )
  wrong('6.weight=fc1.wight', /has no tensor 'fc1\.wight': did you mean 'fc1\.weight'\?/)
  wrong('6=fc1.weight', /a tensor and no module; write 6\.weight=fc1\.weight/)
  wrong('6.bias=fc1.bias', /no weight of layer 6 is named; add 6\.weight=NAME/)
  wrong('6=fc1 6=fc2', /--map 6=fc2: 6 is named twice/)
  wrong(
    '6=fc2',
    /layer 6 \(dense\) needs a weight \[20, 400\] and a bias \[20\], found fc2\.weight \[84, 20\] and fc2\.bias \[84\]/,
  )
})

test('no bias is zeros, and a note', () => {
  const tensors = named(mlp, ['fc1', 'fc2', 'fc3'])
  const { parameters, matched, notes } = stateDictParameters(mlp, tensors.toSpliced(3, 1), { name })
  assert.equal(parameters, parametersOf(mlp).fill(0, 200, 207))
  assert.equal(matched[1], { layer: 2, weight: 'fc2.weight', bias: null })
  assert.equal(notes, ['layer 2 (fc2.weight) has no bias: zeros'])
})

test('without any bias, an order that is not sorted counts', () => {
  const square = named(deep, ['stem', ...numbers('block', 10), 'head']).filter(({ shape }) => shape.length === 2)
  const { parameters } = stateDictParameters(deep, square, { name })
  assert.equal(parameters.subarray(0, 25), square[0].data)
  refuses(deep, sorted(square), /could be/)
})

test('weight normalisation is folded, in its old form and its new one', () => {
  const forms = [
    ['weight_g', 'weight_v'],
    ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
  ]
  for (const [g, v] of forms) {
    const tensors = named(lenet, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']).flatMap((one) => normalised(one, g, v))
    const { parameters, notes } = stateDictParameters(lenet, sorted(tensors), { name })
    const truth = parametersOf(lenet)
    // Three roundings to f32: of v, of g and of w.
    parameters.forEach((value, i) => close(value, truth[i], 4 * 2 ** -24 * Math.abs(truth[i]), `parameter ${i}`))
    assert.is(notes[0], `layer 1 (conv1.${v}): weight normalisation is folded into its weights`)
  }
  const turned = [tensor('a.weight_g', [1, 12]), tensor('a.weight_v', [10, 12]), tensor('a.bias', [10])]
  refuses(
    mlp,
    [...turned, ...named(mlp, ['a', 'b', 'c']).slice(2)],
    /no layer takes a\.weight_g \[1, 12\], a\.weight_v \[10, 12\]/,
  )
})

/** v = 3 w, g = |w| by rows; a bias as it is. */
function normalised({ name, shape, data }: Tensor, g: string, v: string): Tensor[] {
  if (!name.endsWith('.weight')) return [{ name, shape, data }]
  const prefix = name.slice(0, -'weight'.length)
  const width = data.length / shape[0]
  const norms = Float32Array.from({ length: shape[0] }, (_, row) =>
    Math.hypot(...data.subarray(row * width, (row + 1) * width)),
  )
  return [
    { name: prefix + g, shape: shape.map((side, i) => (i === 0 ? side : 1)), data: norms },
    { name: prefix + v, shape, data: data.map((value) => 3 * value) },
  ]
}

test('everything that does not fit is one line', () => {
  const tensors = named(mlp, ['fc1', 'fc2', 'fc3'])
  tensors[0] = tensor('fc1.weight', [10, 11])
  tensors[5] = tensor('fc3.bias', [3])
  const found = 'fc1.weight \\[10, 11\\] and fc1.bias \\[10\\]'
  const needs = `layer 1 \\(dense\\) needs a weight \\[10, 12\\] and a bias \\[10\\], found ${found}`
  const third =
    'layer 3 \\(dense\\) needs a weight \\[2, 7\\] and a bias \\[2\\], found fc3.weight \\[2, 7\\] and fc3.bias \\[3\\]'
  refuses(
    mlp,
    tensors,
    RegExp(`^model.safetensors does not fit the network: ${needs}; ${third}: change network.layers`),
  )
  refuses(mlp, tensors.slice(2), /layer 1 .* found fc3\.weight .*; layer 3 .* nothing is left for it/)
  refuses(mlp, [...tensors, tensor('aux.bias', [1])], /layer 1 .*; layer 3 .*; no layer takes aux\.bias \[1\]: change/)
  refuses(mlp, [], /layer 1 .*nothing is left for it; layer 2 .*; layer 3 /)
})

test("a transposed weight, or Keras' kernel, is never turned round in silence", () => {
  const tensors = named(lenet, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'])
  tensors[4] = tensor('fc1.weight', [400, 20])
  tensors[2] = tensor('conv2.weight', [5, 5, 6, 16])
  refuses(
    lenet,
    tensors,
    /found conv2\.weight \[5, 5, 6, 16\] .* \(.* sides in another order, as Keras .*\)\); layer 6 .*PyTorch's \(out, in\)\)/,
  )
  tensors[2] = tensor('conv2.weight', [16, 3, 5, 5])
  refuses(lenet, tensors, /a convolution in groups, which infoflow lacks\?/)
  const square = named(deep, numbers('', 12)).map((one) => ({ ...one, name: one.name.replace('.weight', '.kernel') }))
  const map = square.filter(({ shape }) => shape.length === 2).map((one, i) => `${i + 1}.weight=${one.name}`)
  assert.match(
    fits(deep, square, [...map, ...map.map((_, i) => `${i + 1}.bias=${i}.bias`)])[0],
    /read as \(out, in\); Keras/,
  )
})

test('normalisation layers are named as what infoflow lacks, also beside a map', () => {
  const [a, b, ...rest] = named(mlp, ['fc1', 'fc2', 'fc3'])
  const bn = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => tensor(`bn1.${part}`, [10]))
  const ln = ['weight', 'bias'].map((part) => tensor(`ln.${part}`, [7]))
  const lacks = /: bn1 \(BatchNorm, .*\), ln \(LayerNorm, .*\): layers that infoflow lacks; fold them or train without/
  refuses(mlp, [a, b, ...bn, ...ln, ...rest], lacks)
  refuses(mlp, [a, b, ...bn, ...ln, ...rest], lacks, ['1=fc1', '2=fc2', '3=fc3'])
})

test('NaN and infinity are refused by tensor and place', () => {
  const tensors = named(mlp, ['fc1', 'fc2', 'fc3'])
  tensors[0].data[12 * 3 + 5] = NaN
  tensors[3].data[6] = -Infinity
  tensors[3].data[2] = Infinity
  refuses(
    mlp,
    tensors,
    /^model\.safetensors: fc1\.weight\[3, 5\] is NaN; fc2\.bias\[2\] is Infinity \(and 1 more\): expected finite/,
  )
  const zero = named(mlp, ['fc1', 'fc2', 'fc3']).flatMap((one) => normalised(one, 'weight_g', 'weight_v'))
  zero[1].data.fill(0, 0, 12)
  refuses(mlp, zero, /fc1\.weight_v\[0, 0\] is NaN \(and 11 more\)/)
})

test('hundreds of strange tensors make one readable line', () => {
  const strange = Array.from({ length: 500 }, (_, i) => tensor(`x\u001b${i}.${'y'.repeat(300)}`, [1, 1]))
  const begun = performance.now()
  refuses(mlp, strange, /and 480 more/)
  refuses(mlp, strange, /^.{0,4000}$/)
  refuses(mlp, strange, /^[^\u001b]*$/)
  const alike = Array.from({ length: 12 }, (_, i) => tensor(`${'abcdefghijkl'[i]}.weight`, [5, 5]))
  refuses(deep, alike, /could be a, b, c/)
  assert.ok(performance.now() - begun < 10_000)
})

test.run()
