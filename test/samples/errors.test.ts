// What is wrong with a file is said in one line: where, what was found, what was expected, what to do.
import { readFileSync } from 'node:fs'
import { Field, FixedSizeList, Float32, Float64, List, Table, Utf8 } from 'apache-arrow'
import { TimestampMillisecond, tableToIPC, vectorFromArray } from 'apache-arrow'
import type { DataType, RecordBatch } from 'apache-arrow'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readSamples } from '../../src/samples/read.js'
import type { SampleColumns } from '../../src/samples/read.js'
import { complaint, fixture, readText, withFile } from './example-samples.js'

const test = suite('mistakes in samples')

const whole = 'the file is cut or damaged; write or copy it again'
const read = 'Arrow/Feather (.arrow, .feather, .arrows), Parquet, NumPy (.npy, .npz) and CSV are read'
const point = 'drop the row or repair it (a decimal point, no comma)'

const texts: [title: string, text: string, columns: SampleColumns, line: string][] = [
  ['an empty file', '', {}, 'an empty file: expected samples; was it written whole?'],
  ['zero rows', 's0,s1\n', {}, 'no rows: expected at least one sample; was the file written whole?'],
  [
    'no header',
    '1,2\n3,4\n',
    {},
    'the first line is 1, 2: expected names of columns there, such as x,s0,s1; add a first line',
  ],
  [
    'NaN',
    's0,s1\n1,2\n3,nan\n',
    {},
    'row 1: s1 is NaN: expected finite numbers; drop the row, or look at why the network gave it',
  ],
  [
    'an infinite sample',
    's0,s1\n1,-inf\n',
    {},
    'row 0: s1 is -Infinity: expected finite numbers; drop the row, or look at why the network gave it',
  ],
  [
    'text in a number column, with an escape sequence',
    's0,s1\n1,2\n3,abc\u001b[31m\n',
    {},
    `row 1 of s1: 'abc\\u{1b}[31m': expected a number; ${point}`,
  ],
  ['a decimal comma', 's0;s1\n1;0,5\n', {}, `row 0 of s1: '0,5': expected a number; ${point}`],
  [
    'a list written as text',
    's,x\n"[1, 2]",3\n',
    {},
    "row 0 of s: '[1, 2]': expected a number; write one column a component: s0, s1, ...",
  ],
  ['a missing number', 's0,s1\n1,\n', {}, 'row 0 of s1: null: expected a value in every row; drop the row or fill it'],
  [
    'a missing input',
    's0,x\n1,4\n2,\n',
    {},
    'row 1 of x: null: expected a value in every row; drop the row or fill it',
  ],
  [
    'a label that is missing in some rows',
    's0,y\n1,4\n2,\n',
    {},
    'row 1 of y: null: expected a value in every row; drop the row or fill it',
  ],
  [
    'a key that is missing',
    's0,epoch\n1,\n',
    { by: ['epoch'] },
    'row 0 of epoch: null: expected a value in every row; drop the row or fill it',
  ],
  [
    'a row that is too short',
    's0,s1\n1,2\n3\n',
    {},
    'row 1 has 1 fields: expected 2, as the first line names; was the file cut, or is a text with a comma unquoted?',
  ],
  ['a missing wide column', 's0,s2\n1,2\n', {}, "no column 's1': expected all of s0 to s2, one for each component"],
  [
    'no samples',
    'S,image\n1,2\n',
    {},
    "no column 's': did you mean 'S'? columns: S, image; name one of them with --s " +
      '(lists, or without its number one of s0, s1, ...)',
  ],
  [
    'a wrong name',
    's0,image\n1,2\n',
    { x: 'imgae' },
    "no column 'imgae': did you mean 'image'? columns: s0, image; name one of them with --x",
  ],
  [
    'a wrong name of weights',
    's0,image\n1,2\n',
    { weights: 'p' },
    "no column 'p': columns: s0, image; name one of them with --weights",
  ],
  [
    'two columns of one name',
    's0,s0\n1,2\n',
    {},
    "two columns are named 's0': expected names that tell columns apart; rename one",
  ],
  [
    'samples as inputs',
    's0,x\n1,2\n',
    { x: 's0' },
    "column 's0' holds samples: expected another one as x, y, weights or group",
  ],
  [
    'an input that is measured',
    's0,x\n1,0.5\n',
    {},
    'row 0 of x: 0.5: expected whole numbers or text, the same in all rows of one input or label; ' +
      'name another column with --x or --y, or rename this one',
  ],
  [
    'two labels of one input',
    's0,x,y\n1,7,cat\n2,7,dog\n',
    {},
    "x 7 has the label 'cat' in one row and 'dog' in another: expected the same y in all rows of an input; " +
      'mend the column, or name another',
  ],
  [
    'two weights of one input in a group',
    's0,x,w,epoch\n1,7,1,4\n2,7,2,4\n',
    { weights: 'w', by: ['epoch'] },
    'epoch 4: x 7 has the weight 1 in one row and 2 in another: expected the same w in all rows of an input; ' +
      'mend the column, or name another',
  ],
  ['a negative weight', 's0,w\n1,-1\n', { weights: 'w' }, 'row 0 of w: -1: expected a weight, a finite number >= 0'],
  [
    'text as a weight',
    's0,w\n1,much\n',
    { weights: 'w' },
    "row 0 of w: 'much': expected a number; drop the row or repair it",
  ],
  ['no weight at all', 's0,w\n1,0\n2,0\n', { weights: 'w' }, 'column w is 0 in all rows: expected a sum > 0'],
  ['JSON', '{"s": [1]}', {}, `JSON: ${read}; write CSV or Feather`],
  [
    'no format known',
    '\u0001\u001b[2J',
    {},
    `begins with '\\u{1}\\u{1b}[2J', which is no format known here: ${read}; convert it to one of them`,
  ],
]

for (const [title, text, columns, line] of texts) {
  test(title, async () => {
    assert.is(await complaint(readText(text, columns)), line)
  })
}

const list = new List(new Field('item', new Float64(), true))
const pair = new FixedSizeList(2, new Field('item', new Float32(), true))
const when = 'integers, strings or booleans'

const tables: [title: string, columns: Record<string, [unknown[], DataType]>, line: string][] = [
  [
    'ragged lists',
    { s: [[[1, 2], [3, 4], [5]], list] },
    'row 2 of s: 1 numbers: expected 2, as in the rows before; ' +
      'rows of different widths go into files of their own',
  ],
  ['empty lists', { s: [[[], []], list] }, 'row 0 of s: an empty list: expected at least one number'],
  [
    'a list that is missing',
    { s: [[[1, 2], null], pair] },
    'row 1 of s: null: expected a value in every row; drop the row or fill it',
  ],
  [
    'a number that is missing in a list',
    {
      s: [
        [
          [1, 2],
          [3, null],
        ],
        pair,
      ],
    },
    'row 1 of s: component 1 is null: expected a number; drop the row or fill it',
  ],
  [
    'NaN in a list',
    {
      s: [
        [
          [1, 2],
          [NaN, 4],
        ],
        pair,
      ],
    },
    'row 1: component 0 of s is NaN: expected finite numbers; drop the row, or look at why the network gave it',
  ],
  [
    'lists of text',
    { s: [[['a']], new List(new Field('item', new Utf8()))] },
    'column s is Utf8: expected numbers, or lists of numbers',
  ],
  [
    'times as inputs',
    { s: [[1], new Float32()], x: [[new Date(0)], new TimestampMillisecond()] },
    `column x is Timestamp<MILLISECOND>: expected ${when}`,
  ],
]

for (const [title, columns, line] of tables) {
  test(`Arrow: ${title}`, async () => {
    const vectors = Object.entries(columns).map(([name, [values, type]]) => [name, vectorFromArray(values, type)])
    const bytes = tableToIPC(new Table(Object.fromEntries(vectors)), 'file')
    assert.is(await complaint(withFile('samples.arrow', bytes, (path) => readSamples(path))), line)
  })
}

test('rows are counted through all batches', async () => {
  const column = (values: number[][]) => new Table({ s: vectorFromArray(values, list) }).batches[0]
  const batches: RecordBatch[] = [
    column([
      [1, 2],
      [3, 4],
    ]),
    column([[5, 6, 7]]),
  ]
  const bytes = tableToIPC(new Table(batches), 'stream')
  const line = await complaint(withFile('samples.arrows', bytes, (path) => readSamples(path)))
  assert.match(line, /^row 2 of s: 3 numbers: expected 2, /)
})

const cut: [name: string, part: number, line: string][] = [
  ['pandas.feather', 0.5, 'an Arrow file without its footer (1905 bytes): it was cut; write or copy it again'],
  ['pyarrow.arrows', 0.1, `cannot be read as an Arrow stream: no schema in its 315 bytes: ${whole}`],
  ['pyarrow-lz4.arrows', 0.5, 'an Arrow stream cut at byte 1408, after 10 whole rows: write or copy it again'],
  ['polars.parquet', 0.5, `cannot be read as Parquet: no footer at the end of its 1054 bytes: ${whole}`],
  ['arrays.npz', 0.9, `cannot be read as a ZIP archive (.npz): its directory is missing: ${whole}`],
  ['s.npy', 0.9, `cannot be read as a NumPy array: 374 bytes where 416 should be: ${whole}`],
]

for (const [name, part, line] of cut) {
  test(`${name} cut short`, async () => {
    const bytes = readFileSync(fixture(name))
    const some = bytes.subarray(0, Math.floor(part * bytes.length))
    assert.is(await complaint(withFile(name, some, (path) => readSamples(path))), line)
  })
}

test('damaged bytes in what is compressed, and in the metadata', async () => {
  const damages: [name: string, at: number, line: RegExp][] = [
    ['repeats-lz4.feather', 500, /^cannot be read as LZ4: a match outside of the output: /],
    ['repeats-zstd.feather', 420, /^cannot be read as ZSTD: /],
    ['repeats-zstd.feather', 230, /^cannot be read as Arrow: /],
    ['arrays-compressed.npz', 100, /^cannot be read as a ZIP archive \(\.npz\): s\.npy/],
  ]
  for (const [name, at, line] of damages) {
    const bytes = Buffer.from(readFileSync(fixture(name))).fill(0x5a, at, at + 40)
    const found = await complaint(withFile(name, bytes, (path) => readSamples(path)))
    assert.match(found, line)
    assert.ok(found.endsWith(whole), found)
  }
})

test('NumPy: pickled objects, lengths that differ, text as samples, no such array', async () => {
  assert.is(
    await complaint(readSamples(fixture('s-objects.npy'))),
    's holds Python objects, which only Python can read (it would run what the file says): ' +
      "make them numbers, such as numpy.asarray(a, dtype='float32'), and save again",
  )
  const lengths = 'x has 5 values where s has 24 rows: expected one for each row; save arrays of the same length'
  assert.is(await complaint(readSamples(fixture('lengths-differ.npz'))), lengths)
  assert.is(await complaint(readSamples(fixture('arrays.npz'), { s: 'y' })), 'column y is text: expected numbers')
  const absent = "no column 'epoch': columns: s; name one of them with --by"
  assert.is(await complaint(readSamples(fixture('s.npy'), { by: ['epoch'] })), absent)
})

test('Parquet: text as samples, lists as inputs', async () => {
  const text = 'column y is STRING: expected numbers, or lists of numbers'
  assert.is(await complaint(readSamples(fixture('polars.parquet'), { s: 'y' })), text)
  const lists = `column s is a list of FLOAT: expected ${when}`
  assert.is(await complaint(readSamples(fixture('polars.parquet'), { s: 'w', x: 's' })), lists)
})

test('a missing file and a folder', async () => {
  const missing = 'cannot be read: no such file: expected a file of samples; check the path'
  assert.is(await complaint(readSamples(fixture('nothing.arrow'))), missing)
  const folder = await complaint(readSamples(fixture('')))
  assert.match(folder, /a folder: expected a file of samples; name the file inside it$/)
})

test('a file larger than memory is refused with its size', async () => {
  const remedy = 'split it (by epoch, say), write fewer columns or rows, or f32 instead of f64'
  const tooLarge = [
    ['pandas.feather', '3.8 kB', '576 bytes'],
    ['polars.parquet', '2.1 kB', '9.0 kB'],
    ['arrays-compressed.npz', '1.2 kB', '864 bytes'],
    ['s.npy', '416 bytes', '288 bytes'],
  ]
  for (const [name, size, need] of tooLarge) {
    const line = `a file of ${size}, whose samples take ${need} of memory, 200 bytes at most: ${remedy}`
    assert.is(await complaint(readSamples(fixture(name), {}, 200)), line)
  }
  assert.match(await complaint(readSamples(fixture('pandas.csv'), {}, 200)), /^a file of 979 bytes, whose samples take/)
  assert.is((await readSamples(fixture('s.npy'), {}, 288))[0].samples.count, 24)
})

test.run()
