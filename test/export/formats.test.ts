/** What goes out comes back: every table of a run, in every format, by readers that are not ours where there are any. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportTable } from '../../src/export/export.js'
import type { Format } from '../../src/export/formats.js'
import { ZipWriter } from '../../src/export/zip-writer.js'
import { FileBytes } from '../../src/samples/bytes.js'
import { readEntry, zipEntries } from '../../src/samples/zip.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { tablesIn, type RunTable } from '../../src/tables/run-tables.js'
import * as sample from '../tables/sample-run.js'

const folder = sample.scratchFolder(test)
const recorder = new RunRecorder(folder, [1], sample.metadata)
for (const epoch of [0, 1, 2]) {
  recorder.training(sample.trainingRow(epoch))
  for (const layer of [1, 2] as const) {
    recorder.information(sample.informationRow(epoch, layer))
    recorder.rival(sample.rivalRow(epoch, layer))
    recorder.clustering(sample.clusteringRow(epoch, layer))
    recorder.binnedEntropy(sample.binnedEntropyRow(epoch, layer))
  }
  recorder.histogram(sample.histogramRow(epoch, 0), sample.histogramRow(epoch, 1))
}
recorder.activations(sample.activationRows(0, 4))
recorder.activations(sample.activationRows(10, 2, false))
const streams = tablesIn(folder).map(({ name, path }) => ({ name, rows: readRows(path) }))
const going = exported('csv', table('training'), 'going')
recorder.finish()
const tables = tablesIn(folder)

function table(name: string): RunTable {
  return tablesIn(folder).find((one) => one.name === name)!
}

function exported(format: Format, one: RunTable, place = format as string) {
  return exportTable(one, format, join(folder, place, `${one.name}.${format}`))
}

type Row = Record<string, unknown>

/** Lists of numbers as plain arrays. */
const plainRow = (row: Row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Float32Array ? [...value] : value]),
  )

test('a run that goes on has the tables and the rows that it has when it ends', () => {
  assert.equal(
    streams,
    tables.map(({ name, path }) => ({ name, rows: readRows(path) })),
  )
  assert.ok(tables.some(({ name }) => name === 'activations/layer-2'))
  assert.ok(going.going)
  assert.not(exported('csv', table('training')).going)
})

test('Parquet has the values, the types, and what the table says of itself', async () => {
  for (const one of tables) {
    const { path, rows } = exported('parquet', one)
    const bytes = readFileSync(path)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    assert.equal(await parquetReadObjects({ file, compressors }), readRows<Row>(one.path).map(plainRow), one.name)
    const { key_value_metadata, num_rows, schema } = parquetMetadata(file)
    assert.is(Number(num_rows), rows)
    const { metadata } = inspectTable(one.path).schema
    assert.equal(
      Object.fromEntries(key_value_metadata!.map(({ key, value }) => [key, value])),
      Object.fromEntries(metadata),
    )
    const typeOf = (name: string) => schema.find((element) => element.name === name)
    assert.is(typeOf('epoch')!.converted_type, 'UINT_32')
    assert.is(typeOf('epoch')!.repetition_type, 'REQUIRED')
    if (one.name === 'information') assert.is(typeOf('mi')!.repetition_type, 'OPTIONAL')
    if (one.name === 'activations/layer-2') assert.is(schema.at(-1)!.type, 'FLOAT')
  }
})

test('CSV has every digit, nothing where nothing is, a column for each number of a list', () => {
  for (const one of tables) {
    const { path } = exported('csv', one)
    const text = readFileSync(path, 'utf8')
    assert.equal(
      text.match(/\r?\n/g)!.filter((end) => end !== '\r\n'),
      [],
    )
    assert.equal(parse(text, { columns: true, quote: '"' }), readRows<Row>(one.path).map(csvRow), one.name)
  }
  const lines = readFileSync(join(folder, 'csv/activations/layer-2.csv'), 'utf8').split('\r\n')
  assert.is(lines[0], 'seed,epoch,replica,x,y,s0,s1,s2')
  assert.match(lines[5], /^7,10,0,0,,10,/)
})

/** As csv-parse returns it: all text. */
function csvRow(row: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(plainRow(row)).flatMap(([name, value]): [string, string][] => {
      if (!Array.isArray(value)) return [[name, value === null ? '' : String(value)]]
      if (name === 'warnings') return [[name, value.join(' | ')]]
      return value.map((number, i) => [`${name}${i}`, String(number)])
    }),
  )
}

test('a CSV file is described beside it: type, unit and meaning of each column', () => {
  exported('csv', table('information'))
  const told = JSON.parse(readFileSync(join(folder, 'csv/information.csv-metadata.json'), 'utf8')) as {
    url: string
    tableSchema: { columns: Row[] }
    notes: Row[]
  }
  assert.is(told.url, 'information.csv')
  const found = told.tableSchema.columns.find(({ name }) => name === 'mi_corrected')!
  assert.equal([found.datatype, found['schema:unitText']], ['double', 'nats'])
  assert.match(found['dc:description'] as string, 'jackknife')
  assert.is(told.notes[0].configuration_hash, 'c0ffee')
})

test('text that a spreadsheet would run is text; numbers are numbers; an empty text is not a missing one', () => {
  const harmful = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'plain, with "quotes"', '']
  const other = new RunRecorder(join(folder), [1], sample.metadata)
  for (const [i, estimator] of harmful.entries()) other.rival({ ...sample.rivalRow(i, 1), estimator })
  other.finish()
  const { path } = exported('csv', table('rivals'), 'harmful')
  const lines = readFileSync(path, 'utf8').split('\r\n')
  assert.match(lines[1], /^3,0,1,10,'=1\+1,width=0.07,mi,-0.3333333333333333,,4096,/)
  const cells = parse(lines.join('\r\n'), { columns: true }).map((row) => (row as Record<string, string>).estimator)
  assert.equal(cells, ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", 'plain, with "quotes"', ''])
  assert.match(lines[7], '10,"",width=0.07')
})

test('an archive beyond 4 GB is of ZIP64 (here from the first byte on), and says what it holds', () => {
  const path = join(folder, 'large.zip')
  const file = openSync(path, 'w')
  const archive = new ZipWriter(file, -1)
  const contents = { 'a.npy': Buffer.from('aaaa'), 'ünï.npy': Buffer.from('bb') }
  for (const [name, bytes] of Object.entries(contents))
    archive.add(name, bytes.length, [bytes.subarray(0, 1), bytes.subarray(1)])
  assert.throws(() => archive.add('c.npy', 3, [Buffer.from('cc')]), /2 bytes written, 3 announced/)
  archive.finish()
  closeSync(file)
  const bytes = new FileBytes(path)
  const entries = zipEntries(bytes)
  assert.equal(Object.fromEntries(entries.map((entry) => [entry.name, Buffer.from(readEntry(bytes, entry))])), contents)
  bytes.close()
})

test.run()
