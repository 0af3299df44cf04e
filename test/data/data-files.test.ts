// Data sets out of a person's own files: what is in them, whatever their format; each mistake its line.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Field, FixedSizeList, Float32, Table, tableToIPC, vectorFromArray } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dataFromFiles, type DataFiles } from '../../src/data/data-files.js'
import type { DataSet } from '../../src/data/dataset.js'
import { InputError } from '../../src/errors.js'
import { npyBytes, zipBytes } from '../hostile/zip-file.js'
import { fixture } from '../samples/example-samples.js'
import { scratchFolder } from '../tables/sample-run.js'
import { idxBytes } from './idx-files.js'

const folder = scratchFolder(test)

function file(name: string, contents: string | Uint8Array): string {
  writeFileSync(join(folder, name), contents)
  return join(folder, name)
}

const bytesOf = ({ buffer }: ArrayBufferView) => new Uint8Array(buffer as ArrayBuffer)
const floats = (shape: string, values: number[]) => npyBytes("'<f4'", shape, bytesOf(Float32Array.from(values)))
const whole = (shape: string, values: number[]) => npyBytes("'<i4'", shape, bytesOf(Int32Array.from(values)))
const npz = (arrays: Record<string, Buffer>) =>
  zipBytes(Object.entries(arrays).map(([name, bytes]) => ({ name: `${name}.npy`, bytes })))

/** Four inputs of two numbers, two classes. */
const values = [0, 1, 2, 3, 4, 5, 6, 8]
const classes = [0, 1, 1, 0]
const csv = file('xy.csv', 'x0,x1,y\n0,1,0\n2,3,1\n4,5,1\n6,8,0\n')
const arrays = file('xy.npz', npz({ x: floats('4, 2', values), y: whole('4,', classes) }))

const plain = ({ inputs, labels, ...rest }: DataSet) => ({ ...rest, inputs: [...inputs], labels: [...labels] })

/** The one line that must be thrown, less the file's path in front. */
async function mistake(files: DataFiles, memory?: number): Promise<string> {
  try {
    await dataFromFiles(files, memory)
  } catch (error) {
    assert.instance(error, InputError, (error as Error).stack)
    return (error as Error).message.replaceAll(`${folder}/`, '').replace(/^[\w-]+\.(csv|np[yz]|idx): /, '')
  }
  return assert.unreachable('nothing was thrown') as never
}

test('one data set in every format', async () => {
  const pairs = new FixedSizeList(2, new Field('item', new Float32(), true))
  const rows = [0, 1, 2, 3].map((i) => values.slice(2 * i, 2 * i + 2))
  const table = new Table({ x: vectorFromArray(rows, pairs), y: vectorFromArray(classes) })
  const labels = file('y.npy', whole('4,', classes))
  const sources: DataFiles[] = [
    ...[{ inputs: csv }, { inputs: arrays }],
    { inputs: file('xy.arrow', tableToIPC(table, 'file')) },
    { inputs: file('x.npy', floats('4, 2', values)), labels },
    { inputs: file('x.idx', idxBytes([4, 2], values)), labels },
    { inputs: file('x.idx.gz', gzipSync(idxBytes([4, 2], values))), labels: file('y.idx', idxBytes([4], classes)) },
  ]
  for (const files of sources) {
    const { name, ...found } = plain(await dataFromFiles(files))
    assert.is(join(folder, name), files.inputs)
    assert.equal(found, { count: 4, width: 2, enumerated: false, inputs: values, labels: classes, classes: 2 }, name)
  }
  const parquet = await dataFromFiles({ inputs: fixture('polars.parquet'), inputColumn: 's' })
  assert.equal([parquet.count, parquet.width, parquet.classes], [24, 3, 2])
  assert.is((await dataFromFiles({ inputs: csv, regime: 'all' })).enumerated, true)
})

test('columns: the usual names, a single other one, those that are named', async () => {
  for (const [inputs, labels] of [
    ['x', 'y'],
    ['inputs', 'labels'],
    ['images', 'label'],
    ['features', 'y'],
  ]) {
    // prettier-ignore
    const found = await dataFromFiles({
      inputs: file('named.npz', npz({ [inputs]: floats('4, 2', values), [labels]: whole('4,', classes) })),
    })
    assert.equal([...found.inputs, ...found.labels], [...values, ...classes], inputs)
  }
  const several = file('several.csv', 'a0,a1,b,kind\n1,2,9,0\n3,4,9,1\n')
  const found = await dataFromFiles({ inputs: several, inputColumn: 'a', labelColumn: 'kind' })
  assert.equal([[...found.inputs], [...found.labels]], [[1, 2, 3, 4], [0, 1]]) // prettier-ignore
  assert.is(
    await mistake({ inputs: several, labelColumn: 'kind' }),
    'no column x, inputs or images: columns: a0, a1, b, kind; name one of them with inputColumn (lists, or without its ' +
      'number one of x0, x1, ...)',
  )
  assert.is(
    await mistake({ inputs: several, inputColumn: 'a' }),
    'no column y, labels or label: columns: a0, a1, b, kind; name one of them with labelColumn, or a file of labels with labels',
  )
  assert.match(
    await mistake({ inputs: several, inputColumn: 'a', labelColumn: 'knd' }),
    /^no column 'knd': did you mean 'kind'\? columns: a0, a1, b, kind; name one of them with labelColumn, or/,
  )
  assert.is(
    await mistake({ inputs: several, inputColumn: 'a0', labelColumn: 'a0' }),
    "column 'a0' holds the inputs: expected another one as labelColumn",
  )
  assert.is(
    await mistake({ inputs: file('two.csv', 'x,y,y\n1,0,1\n'), labelColumn: 'y' }),
    "two columns are named 'y': expected names that tell columns apart; rename one",
  )
})

const labelled = (labels: readonly (string | number | boolean)[]) =>
  file('labelled.csv', `x,y\n${labels.map((label, i) => `${i},${label}\n`).join('')}`)

async function classified(labels: readonly (string | number)[], more: Partial<DataFiles> = {}) {
  const found = await dataFromFiles({ inputs: labelled(labels), ...more })
  return [[...found.labels], found.classes, found.classNames]
}

test('labels that are classes already stay as they are', async () => {
  assert.equal(await classified([0, 2, 2, 1]), [[0, 2, 2, 1], 3, undefined])
  assert.equal(await classified([0, 2], { classes: 10 }), [[0, 2], 10, undefined])
  assert.equal(await classified([1500, 2], { classes: 2000 }), [[1500, 2], 2000, undefined])
})

test('other labels become classes in sorted order: negative and large numbers, words, booleans', async () => {
  assert.equal(await classified([1, -1, 1]), [[1, 0, 1], 2, ['-1', '1']])
  assert.equal(await classified([2024, 10, 2024]), [[1, 0, 1], 2, ['10', '2024']])
  assert.equal(await classified(['dog', 'cat', 'ant']), [[2, 1, 0], 3, ['ant', 'cat', 'dog']])
  assert.equal(await classified(['b', 7, 'a'], { classes: 5 }), [[2, 0, 1], 5, ['7', 'a', 'b']])
  // U+FF5E comes before U+1F600, which JavaScript would put first.
  assert.equal(await classified(['\u{1f600}', '\uff5e']), [[1, 0], 2, ['\uff5e', '\u{1f600}']])
  const booleans = npz({ x: floats('2, 1', [1, 2]), y: npyBytes("'|b1'", '2,', Uint8Array.of(1, 0)) })
  const found = await dataFromFiles({ inputs: file('booleans.npz', booleans) })
  assert.equal(
    [[...found.labels], found.classNames],
    [
      [1, 0],
      ['false', 'true'],
    ],
  )
})

test('labels that are no classes', async () => {
  const digitise = 'make classes of it (numpy.digitize), or name another column'
  const of = (labels: (string | number)[], more: Partial<DataFiles> = {}) =>
    mistake({ inputs: labelled(labels), ...more })
  assert.is(await of([0.5, 1]), `row 0 of y: 0.5: expected a class: a whole number, a string or a boolean; ${digitise}`)
  assert.is(await of([0, '']), 'row 1 of y: null: expected a value in every row; drop the row or fill it')
  assert.is(await of([0, 'nan']), 'row 1 of y: null: expected a value in every row; drop the row or fill it')
  assert.is(await of([0, 3], { classes: 3 }), 'row 1 of y: label 3: expected 0 to 2; repair it, or set data.classes')
  assert.is(
    await of(['a', 'b', 'c'], { classes: 2 }),
    '3 different labels in y (a, b, c): expected 2, as data.classes says; repair them, or set data.classes',
  )
  assert.is(await of([0, 1], { classes: 0 }), 'data.classes: 0: expected a whole number >= 1')
})

test('normalise: by the training rows alone, a component, all together, or a channel', async () => {
  const train = { inputs: csv, testInputs: file('more.csv', 'x0,x1,y\n9,1,1\n') }
  const inputs = async (normalise: DataFiles['normalise']) => [...(await dataFromFiles({ ...train, normalise })).inputs]
  const near = (found: number[], expected: number[]) =>
    found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-6, `${value} is not ${expected[i]}`))
  assert.equal(await inputs('none'), [...values, 9, 1])
  assert.equal(await inputs(undefined), [...values, 9, 1])
  near(await inputs('min-max'), [...values, 9, 1].map((value) => value / 8)) // prettier-ignore
  const [means, stds] = [[3, 4.25], [Math.sqrt(5), Math.sqrt(6.6875)]] // prettier-ignore
  near(await inputs('standard'), [...values, 9, 1].map((value, i) => (value - means[i % 2]) / stds[i % 2])) // prettier-ignore
  near(await inputs({ mean: 1, std: 2 }), [...values, 9, 1].map((value) => (value - 1) / 2)) // prettier-ignore
  near(await inputs({ mean: [1, 0], std: [2, 4] }), [...values, 9, 1].map((value, i) => i % 2 ? value / 4 : (value - 1) / 2)) // prettier-ignore
  const same = await dataFromFiles({ inputs: file('same.csv', 'x0,x1,y\n5,1,0\n5,2,1\n'), normalise: 'standard' })
  assert.equal([...same.inputs], [0, -1, 0, 1])
  const of = (normalise: DataFiles['normalise']) => mistake({ inputs: csv, normalise })
  assert.is(await of({ mean: 0, std: 0 }), 'data.normalise.std: 0: expected numbers > 0')
  assert.is(
    await of({ mean: [1, 2, 3], std: 1 }),
    'data.normalise.mean: [1, 2, 3]: expected one number, or 2, one a channel',
  )
  assert.is(await of({ mean: NaN, std: 1 }), 'data.normalise.mean: NaN: expected finite numbers')
  assert.match(await of({ mean: 0, std: 1e-300 }), /^row 0: x1 is 1: expected what 32 bits hold/)
})

test('shapes: as arrays and IDX have them, or as they are given', async () => {
  const y = file('two.npy', whole('2,', [0, 1]))
  const shapeOf = async (name: string, bytes: Uint8Array, shape?: DataFiles['shape']) =>
    (await dataFromFiles({ inputs: file(name, bytes), labels: y, ...(shape && { shape }) })).shape
  const twelve = Array.from({ length: 24 }, (_, i) => i)
  assert.is(await shapeOf('rows.npy', floats('2, 12', twelve)), undefined)
  assert.equal(await shapeOf('grey.npy', floats('2, 3, 4', twelve)), [1, 3, 4])
  assert.equal(await shapeOf('colour.npy', floats('2, 3, 2, 2', twelve)), [3, 2, 2])
  assert.equal(await shapeOf('grey.idx', idxBytes([2, 3, 4], twelve)), [1, 3, 4])
  assert.equal(await shapeOf('rows.npy', floats('2, 12', twelve), [3, 2, 2]), [3, 2, 2])
  const of = (shape: string, given?: DataFiles['shape']) =>
    mistake({ inputs: file('wrong.npy', floats(shape, twelve)), labels: y, ...(given && { shape: given }) })
  assert.is(
    await of('2, 12', [1, 3, 3]),
    'data.shape: [1, 3, 3] makes inputs of 9 numbers, and those of the file have 12: expected channels x height x ' +
      'width = 12; give that, or leave shape out',
  )
  assert.match(await of('2, 12', [1, 0, 12]), /^data\.shape: \[1, 0, 12\]: expected three whole numbers >= 1/)
  assert.match(
    await of('2, 6, 2, 1'),
    /seems to have its channels last; save inputs\.transpose\(0, 3, 1, 2\), or give data\.shape$/,
  )
  assert.match(await of('2, 2, 2, 3, 1'), /^inputs has the shape \(2, 2, 2, 3, 1\): expected n x width/)
})

test('a test set of its own: behind the training rows, its labels those of the training rows', async () => {
  const inputs = file('train.csv', 'x,y\n1,cat\n2,dog\n')
  const test = file('test.csv', 'x,y\n3,dog\n')
  const found = plain(await dataFromFiles({ inputs, testInputs: test }))
  assert.equal([found.count, found.testFrom, found.inputs, found.labels], [3, 2, [1, 2, 3], [0, 1, 1]])
  const testLabels = file('labels.npy', npyBytes("'<U3'", '1,', bytesOf(Uint32Array.from([99, 97, 116]))))
  const beside = await dataFromFiles({ inputs, testInputs: test, testLabels })
  assert.equal([...beside.labels], [0, 1, 0])
  const of = (text: string) => mistake({ inputs, testInputs: file('other.csv', text) })
  assert.is(
    await of('x,y\n3,cow\n'),
    "row 0 of y: label 'cow': expected one of the training rows' labels (cat, dog); repair it",
  )
  assert.is(
    await of('x0,x1,y\n3,4,dog\n'),
    'test inputs of 2 numbers: expected 1, as in train.csv; take files of one data set',
  )
  assert.match(
    await mistake({ inputs, testInputs: inputs }),
    /^data\.testInputs: train\.csv is the file of the training inputs: expected rows that are not trained on/,
  )
  assert.match(await mistake({ inputs, testLabels }), /^data\.testLabels: given without testInputs/)
})

test('rows, labels and numbers that are missing, or more than memory', async () => {
  const three = file('three.npy', whole('3,', [0, 1, 0]))
  assert.is(
    await mistake({ inputs: csv, labels: three }),
    '3 labels for the 4 inputs of xy.csv: expected one an input; take files of one data set',
  )
  const rows = (text: string) => mistake({ inputs: file('rows.csv', text) })
  assert.is(await rows('x0,x1,y\n'), 'no rows: expected at least one; was the file written whole?')
  assert.is(
    await rows('x0,x1,y\n1,inf,0\n'),
    'row 0: x1 is Infinity: expected finite numbers; drop the row or repair it',
  )
  assert.is(await rows('x0,x1,y\n1,,0\n'), 'row 0 of x1: null: expected a value in every row; drop the row or fill it')
  assert.match(
    await mistake({ inputs: join(folder, 'none.npy') }),
    /no such file: expected a file of inputs; check the path$/,
  )
  assert.match(
    await mistake({ inputs: arrays }, 10),
    /^a file of \d+ bytes, whose inputs take \d+ bytes of memory, 10 bytes at most/,
  )
  assert.match(
    await mistake({ inputs: file('alone.idx', idxBytes([1, 2, 2], [1, 2, 3, 4])) }),
    /^an IDX file of inputs, which holds no labels: expected a file of labels beside it; name one with labels$/,
  )
})

test.run()
