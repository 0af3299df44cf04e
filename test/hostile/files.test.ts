// Files that somebody made to hurt: each is refused in one line, in no time and no memory. More of safetensors and ONNX in
// test/tables/safetensors-hostile.test.ts and test/weights/onnx-hostile.test.ts.
import { closeSync, existsSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Field, Float64, List, Table, Utf8, Vector, makeData, tableToIPC, vectorFromArray } from 'apache-arrow'
import type { Data, DataType } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readIdx } from '../../src/data/idx.js'
import { InputError } from '../../src/errors.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { szt } from '../../src/experiments/szt.js'
import { storedRuns } from '../../src/report/stored-run.js'
import { readSamples, type SampleColumns } from '../../src/samples/read.js'
import { readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { readSafetensors } from '../../src/tables/safetensors.js'
import { readOnnx } from '../../src/weights/onnx.js'
import { idxBytes } from '../data/idx-files.js'
import { fixture } from '../samples/example-samples.js'
import { entry, rawSafetensors } from '../tables/safetensors-file.js'
import { scratchFolder } from '../tables/sample-run.js'
import { node, onnxBytes } from '../weights/onnx-file.js'
import { mlp } from '../weights/onnx-graphs.js'
import { sharedFields } from './arrow-fields.js'
import { parquetBytes } from './parquet-file.js'
import { npyBytes, zipBytes } from './zip-file.js'

const folder = scratchFolder(test)

/** Of processor time and of memory, for one file. */
const mostSeconds = 2
const mostMemory = 2 ** 30

function fileOf(name: string, bytes: Uint8Array | string): string {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/** That reading ends as for a person's mistake, soon and small. */
async function refused(path: string, read: (path: string) => unknown, line: RegExp): Promise<void> {
  const before = process.cpuUsage()
  try {
    await read(path)
  } catch (error) {
    assert.instance(error, InputError, (error as Error).stack)
    assert.ok(line.test((error as Error).message), (error as Error).message)
    assert.match((error as Error).message, /^[^\p{Cc}\p{Cf}]+$/u)
    const { user, system } = process.cpuUsage(before)
    assert.ok((user + system) / 1e6 <= mostSeconds, `${path}: ${(user + system) / 1e6} s`)
    assert.ok(1024 * process.resourceUsage().maxRSS <= mostMemory, `${path}: ${process.resourceUsage().maxRSS} kB`)
    return
  }
  assert.unreachable(`${path} was read`)
}

const samples = (columns?: SampleColumns) => (path: string) => readSamples(path, columns)
const samplesOf = (name: string, bytes: Uint8Array | string, line: RegExp, columns?: SampleColumns) =>
  refused(fileOf(name, bytes), samples(columns), line)

const threes = npyBytes("'<f8'", '3,', new Uint8Array(24))
const zeros = new Uint8Array(2 ** 26)

test('a zip bomb: an entry with more behind its array, or that says less or more than is in it', async () => {
  const bomb = (told = {}) => zipBytes([{ name: 's.npy', bytes: Buffer.concat([threes, zeros]), told }])
  await samplesOf('behind.npz', bomb(), /s\.npy has 67108956 bytes where 92 should be/)
  await samplesOf('less.npz', bomb({ size: threes.length }), /s\.npy: Cannot create a Buffer larger than 92 bytes/)
  await samplesOf('more.npz', bomb({ size: 2 ** 32 - 2 }), /s\.npy: 4294967294 bytes from \d+/)
  await samplesOf(
    'wide.npz',
    zipBytes([{ name: 's.npy', bytes: npyBytes("'<f8'", `${2 ** 40},`) }]),
    /where 8796093022/,
  )
})

test('names in a zip archive are names: nothing is written, wherever they lead', async () => {
  const entries = [{ name: '../../outside.npy', bytes: threes }, { name: '__proto__.npy', bytes: threes }] // prettier-ignore
  await samplesOf('names.npz', zipBytes(entries), /no column 's': columns: \.\.\/\.\.\/outside, __proto__;/)
  assert.not.ok(existsSync(join(folder, '../../outside.npy')))
  const [{ samples: found }] = await readSamples(join(folder, 'names.npz'), { s: '__proto__' })
  assert.is(found.count, 3)
})

test('arrays of NumPy: pickles, texts of no or impossible characters, rows without numbers', async () => {
  await refused(fixture('s-objects.npy'), samples(), /Python objects, which only Python can read/)
  await samplesOf(
    'pickle.npy',
    npyBytes("'|O'", '1,', Buffer.from('cos\nsystem\n(S"touch owned"\ntR.')),
    /Python objects/,
  )
  assert.not.ok(existsSync('owned'))
  const labelled = (y: Buffer) => zipBytes([{ name: 's.npy', bytes: threes }, { name: 'y.npy', bytes: y }]) // prettier-ignore
  const beyond = npyBytes("'<U1'", '3,', new Uint8Array(12).fill(255))
  await samplesOf('beyond.npz', labelled(beyond), /no character has the number 4294967295/)
  await samplesOf('empty.npz', labelled(npyBytes("'<U0'", `${2 ** 40},`)), /y is of the type '<U0'/)
  await samplesOf('hollow.npy', npyBytes("'<f8'", `${2 ** 40}, 0`), /shape \(1099511627776, 0\)/)
})

test('a gzip bomb: more in it than its header says, or less', async () => {
  const read = (path: string) => readIdx(path, 1)
  await refused(fileOf('more.gz', gzipSync(idxBytes([10], zeros))), read, /gzip: more in it than its header says/)
  await refused(fileOf('less.gz', gzipSync(idxBytes([2 ** 29], [1, 2, 3]))), read, /bytes of gzip, expected 536870920/)
  const padded = fileOf('padded.gz', gzipSync(idxBytes([3], [1, 2, 3])))
  await refused(sparse(padded, 2 ** 33), read, /8589934592 bytes of gzip, expected 11/)
})

/** The file, followed by zeros that take no room on the disk. */
function sparse(path: string, size: number): string {
  const file = openSync(path, 'r+')
  ftruncateSync(file, size)
  closeSync(file)
  return path
}

/** Every 64-bit number that is `from`, whatever it means. */
function replaced(bytes: Uint8Array, from: bigint, to: bigint): Buffer {
  const [found, other] = [from, to].map((value) => Buffer.from(BigInt64Array.of(value).buffer))
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(found); at >= 0; at = copy.indexOf(found, at + 8)) other.copy(copy, at)
  return copy
}

const rows = 12_345
const column = (values: unknown[], type: DataType) => vectorFromArray(values, type)
const many = { s: column(Array.from({ length: rows }, (_, i) => i), new Float64()) } // prettier-ignore
const forms = ['file', 'stream'] as const

test('an Arrow batch of 2^40 rows, or of fewer than none', async () => {
  for (const form of forms) {
    for (const lie of [2n ** 40n, -1n]) {
      const bytes = replaced(tableToIPC(new Table(many), form), BigInt(rows), lie)
      await samplesOf('long.arrow', bytes, /its metadata/)
      await refused(join(folder, 'long.arrow'), readRows, /damaged/)
    }
  }
})

test('an Arrow batch whose buffers are longer than the file, or whose message ends before it begins', async () => {
  for (const form of forms) {
    const bytes = tableToIPC(new Table(many), form)
    await samplesOf('wide.arrow', replaced(bytes, BigInt(8 * rows), 2n ** 40n), /its metadata|whole batch|cut/)
    await samplesOf('back.arrow', replaced(bytes, BigInt(8 * rows), -64n), /its metadata|whole batch|cut/)
    // A stream counts as far as its batches are whole.
    for (const path of ['wide.arrow', 'back.arrow'].map((name) => join(folder, name))) {
      if (form === 'file') await refused(path, readRows, /damaged|outside/)
      else assert.equal(readRows(path), [])
    }
  }
})

test('lists and texts of Arrow that share their bytes', async () => {
  const offsets = (size: number) => Int32Array.from({ length: 1001 }, (_, i) => (i % 2) * size)
  const shared = 2 ** 20
  const text = makeData({ type: new Utf8(), length: 1000, nullCount: 0, valueOffsets: offsets(shared), data: new Uint8Array(shared) }) // prettier-ignore
  const table = new Table({ s: column(Array.from({ length: 1000 }, () => 1), new Float64()), y: new Vector([text]) }) // prettier-ignore
  await samplesOf('texts.arrow', tableToIPC(table, 'file'), /texts that are not its own/)
  await refused(join(folder, 'texts.arrow'), readRows, /row \d+ of y is not its own/)
  const child = column(Array.from({ length: 1000 }, () => 1), new Float64()).data[0] // prettier-ignore
  const type = new List(new Field('item', new Float64(), false))
  const lists = makeData({ type, length: 1000, nullCount: 0, valueOffsets: offsets(1000), child } as never)
  await samplesOf(
    'lists.arrow',
    tableToIPC(new Table({ s: new Vector([lists as Data]) }), 'file'),
    /rows? .*of s|too short|its metadata/,
  )
  await refused(join(folder, 'lists.arrow'), readRows, /row \d+ of s is not its own/)
})

test('columns in columns, each twice the one inside: fields without number in a few bytes', async () => {
  const laughs = /more text than its bytes|more than 131072 columns/
  await samplesOf('laughs.arrows', sharedFields(40), laughs)
  await refused(join(folder, 'laughs.arrows'), readRows, laughs)
  await samplesOf('deep.arrows', sharedFields(10_000), /columns in columns|its metadata/)
})

test('Parquet whose rows, values, runs and pages lie', async () => {
  const good = fileOf('good.parquet', parquetBytes(100))
  assert.is((await readSamples(good))[0].samples.count, 100)
  const lies: [lies: Parameters<typeof parquetBytes>[1], line: RegExp][] = [
    [{ rows: 2 ** 30 }, /100 values in 1073741824 rows/],
    [{ rows: 2 ** 30, values: 2 ** 30 }, /takes .* to unpack|values in/],
    [
      { rows: 10 ** 6, values: 10 ** 6, pageValues: 10 ** 6, run: 10 ** 6 },
      /8000000 bytes of values, where 800 follow/,
    ],
    [{ rows: 99 }, /100 values in 99 rows/],
    [{ pageValues: 2 ** 30 }, /a page of 1073741824 values, where 100 are left/],
    [{ pageValues: 99 }, /99 values in 100 rows|a run of 100 values/],
    [{ run: 2 ** 30 }, /a run of 1073741824 values, where 100 are left/],
    [{ packed: 2 ** 30 }, /a page of 1073741824 bytes/],
    [{ codec: 2, size: 2 ** 30 }, /that becomes 1073741824/],
    [{ codec: 4, size: 2 ** 30 }, /that becomes 1073741824/],
    [{ codec: 6, size: 2 ** 30 }, /that becomes 1073741824/],
    [{ codec: 2, size: 900, page: gzipSync(zeros) }, /Cannot create a Buffer larger than 900 bytes/],
    [{ codec: 6, size: 900, page: zstdRuns(500) }, /ZSTD|not 900/],
    [{ groups: 1000 }, /lie over one another/],
  ]
  for (const [lie, line] of lies) await samplesOf('lies.parquet', parquetBytes(100, lie), line)
})

/** A Zstandard frame of so many blocks of 128 KiB, each one byte again and again (RFC 8878, 3.1.1). */
function zstdRuns(blocks: number): Buffer {
  const block = (i: number) => [(((2 ** 17) << 3) | 2 | Number(i === blocks - 1)) & 255, 0, 16, 7]
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, ...Array.from({ length: blocks }, (_, i) => block(i)).flat()])
}

test('Parquet metadata: lists of more elements than bytes, structs in structs, a footer that is the file', async () => {
  const footer = (bytes: number[]) => {
    const end = Buffer.alloc(8)
    end.writeUInt32LE(bytes.length)
    end.write('PAR1', 4)
    return Buffer.concat([Buffer.from('PAR1'), Buffer.from(bytes), end])
  }
  await samplesOf('list.parquet', footer([0x19, 0xfc, 0xff, 0xff, 0xff, 0x0f, 0]), /a list of 33554431 elements/)
  await samplesOf('deep.parquet', footer(new Array<number>(10_000).fill(0x1c)), /more than 32 deep/)
  const lie = parquetBytes(3)
  lie.writeUInt32LE(2 ** 32 - 1, lie.length - 8)
  await samplesOf('footer.parquet', lie, /metadata of 4294967295 bytes/)
})

test('CSV: a line of a gigabyte, a number of a megabyte, a million columns', async () => {
  const line = fileOf('line.csv', `s0,s1\n${'1'.repeat(5000)}`)
  await refused(sparse(line, 2 ** 30), samples(), /a row of more than 1049088 characters/)
  await samplesOf('digits.csv', `s0\n${'1'.repeat(2 ** 20)}x\n`, /row 0 of s0: '1{60}…': expected a number/)
  const wide = Array.from({ length: 50_000 }, (_, i) => `s${i}`).join(',')
  await samplesOf('wide.csv', `${wide}\n1,2\n`, /row 0 has 2 fields: expected 50000/)
  await samplesOf('commas.csv', `s${','.repeat(2 ** 21)}\n`, /more than 131072 columns/)
  await samplesOf('row.csv', `s0,s1\n${','.repeat(2 ** 23)}\n`, /a row of more than 1049088 characters/)
  await samplesOf('names.csv', `${'n'.repeat(2 ** 22)},b\n1,2\n`, /a row of more than 4194304 characters/)
  await samplesOf('name.csv', `${'n'.repeat(2 ** 20)},b\n1,2\n`, /no column 's': columns: n{60}…, b/)
})

const configured = (path: string) => readConfig(szt.defaults, { file: path })
const config = (name: string, text: string, line: RegExp) => refused(fileOf(name, text), configured, line)

test('YAML: aliases of aliases, groups without end, ten thousand keys, keys twice, a file that is none', async () => {
  const laughs = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`).join('\n')
  await config('laughs.yaml', `a0: &a0 [lol]\n${laughs}\n`, /aliases/)
  await config('many.yaml', `a: &a 1\nb: [${'*a,'.repeat(10_000)}]\n`, /more than 100 aliases/)
  await config('deep.yaml', `seeds: ${'['.repeat(100_000)}`, /64 deep|not YAML/)
  await config('nested.json', `{"seeds": ${'['.repeat(1000)}1${']'.repeat(1000)}}`, /64 deep/)
  const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join('\n')
  await config('keys.yaml', keys, /line 1 column 1: k0: unknown key/)
  await config('twice.yaml', 'seeds: 1\nnoise: {std: 1, std: 2}\n', /line 2 column 17: noise\.std is there twice/)
  await config('long.yaml', `# ${' '.repeat(2 ** 17)}`, /more than 131072 bytes/)
  await refused('/dev/zero', configured, /expected a configuration/)
})

test('JSON: __proto__ is a key like any other, and unknown', async () => {
  await config('proto.json', '{"__proto__": {"polluted": 1}}', /__proto__: unknown key/)
  await config('inner.json', '{"noise": {"__proto__": {"std": 1}}}', /noise\.__proto__: unknown key/)
  await config('constructor.yaml', 'constructor: {prototype: {polluted: 1}}', /constructor: unknown key/)
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test('names out of a file reach nobody as more than text', async () => {
  await config('escape.yaml', '"\\e[2Jnoise": 1\n', /: \\u\{1b\}\[2Jnoise: unknown key/)
  await samplesOf('escape.csv', '\u001b[31mred,b\n1,2\n', /columns: \\u\{1b\}\[31mred, b/)
})

test('a run.json that is deep, endless or holds what JSON does not know', () => {
  const record = (text: string) => {
    writeFileSync(join(folder, 'run.json'), text)
    return readRunRecord(folder)
  }
  assert.equal(record('{"status": "finished"}'), { status: 'finished' })
  assert.is(record(`{"status": "finished", "configuration": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`), null)
  assert.match(storedRuns([folder])[0].missing[0], /^run\.json cannot be read/)
  assert.is(record('{"status": "finished", "configuration": {"noise": 1e999}}'), null)
  assert.is(record('{"status": "finished", "__proto__": {"polluted": 1}}')?.status, 'finished')
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test('safetensors whose tensors lie over one another', () =>
  refused(
    fileOf(
      'over.safetensors',
      rawSafetensors({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], 4, 12) }, new Uint8Array(12)),
    ),
    readSafetensors,
    /b lies at 4\.\.12, expected from 8/,
  ))

test('ONNX: a side of 2^31, weights in another file, a layer that is changed ten thousand times', async () => {
  const graph = mlp()
  graph.tensors.w0 = { shape: [4, 2 ** 31], data: [1] }
  await refused(fileOf('wide.onnx', onnxBytes(graph)), readOnnx, /2147483648/)
  const long = mlp()
  long.tensors.w4 = { shape: [3, 4], data: Array.from({ length: 12 }, () => 0.5) }
  const wide = 2 ** 18
  Object.assign(long.tensors, { wide: { shape: [1, wide], data: Array.from({ length: wide }, () => 1) }, one: { shape: [1], data: [1] } }) // prettier-ignore
  long.inputs = [{ name: 'x', sizes: ['batch', wide] }]
  const folds = Array.from({ length: 9000 }, (_, i) => node('BatchNormalization', `n${i} one one one one`, `n${i + 1}`))
  long.nodes = [node('Gemm', 'x wide one', 'n0', { transB: { whole: 1 } }), ...folds]
  long.outputs = ['n9000']
  await refused(fileOf('folds.onnx', onnxBytes(long)), readOnnx, /more weights than the size of the file explains/)
})

test.run()
