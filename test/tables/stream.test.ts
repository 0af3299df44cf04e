import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { batchOfActivations, batchOfRows } from '../../src/tables/batch.js'
import { countRows, inspectTable, readRows } from '../../src/tables/read.js'
import { activationSchema, informationSchema, trainingSchema } from '../../src/tables/schema.js'
import { TableWriter, finishTable } from '../../src/tables/stream.js'
import { activationRows, informationRow, metadata, scratchFolder, trainingRow } from './sample-run.js'

const folder = scratchFolder(test)
const training = trainingSchema(metadata)
const information = informationSchema(metadata)

/** A stream of one-row batches with epochs 0 .. rows - 1. */
function writeTraining(name: string, rows: number): TableWriter {
  const writer = new TableWriter(join(folder, name), training)
  for (let epoch = 0; epoch < rows; epoch++) writer.append(batchOfRows(training, [trainingRow(epoch)]))
  return writer
}

test('a row can be read as soon as append returns', () => {
  const writer = new TableWriter(join(folder, 'live.arrows'), training)
  assert.equal(readRows(writer.path), [])
  for (let epoch = 0; epoch < 3; epoch++) {
    writer.append(batchOfRows(training, [trainingRow(epoch)]))
    assert.equal(readRows(writer.path)[epoch], trainingRow(epoch))
  }
  writer.close()
})

test('the stream becomes a file with the same rows, in fewer batches, and goes', () => {
  const writer = new TableWriter(join(folder, 'information.arrows'), information)
  const rows = Array.from({ length: 40 }, (_, i) => informationRow(i >> 1, i % 2 === 0 ? 1 : 2))
  for (const row of rows) writer.append(batchOfRows(information, [row]))
  assert.equal(readRows(writer.path), rows)
  assert.is(inspectTable(writer.path).batches, 40)
  const path = writer.finish()
  assert.is(path, join(folder, 'information.arrow'))
  assert.not(existsSync(writer.path))
  assert.equal(readRows(path), rows)
  assert.is(inspectTable(path).batches, 1)
  assert.is(writer.finish(), path, 'a second finish changes nothing')
})

test('a loss that diverged stays what it is', () => {
  const writer = new TableWriter(join(folder, 'diverged.arrows'), training)
  const row = { ...trainingRow(0), train_loss: NaN, test_loss: -Infinity, train_accuracy: -0 }
  writer.append(batchOfRows(training, [row]))
  assert.equal(readRows(writer.finish()), [row])
})

test("the file in the eyes of Arrow's own reader: rows, nulls, schema, metadata", () => {
  const table = tableFromIPC(readFileSync(join(folder, 'information.arrow')))
  assert.is(table.numRows, 40)
  assert.is(table.getChild('mi')!.nullCount, 20)
  assert.is(table.getChild('queries')!.nullCount, 0)
  assert.is(table.get(0)!.mi_low, informationRow(0, 1).mi_low)
  assert.equal([...table.get(39)!.warnings], ['too few replicas', 'Σ > ½'])
  assert.is(table.schema.metadata.get('configuration_hash'), 'c0ffee')
  assert.is(table.schema.fields[4].metadata.get('unit'), 'nats')
})

test('behind its first eight bytes the file is a stream as well, for readers that know streams only', () => {
  const table = tableFromIPC(readFileSync(join(folder, 'information.arrow')).subarray(8))
  assert.is(table.numRows, 40)
})

test('samples keep every bit, with and without labels, in batches of their own', () => {
  const schema = activationSchema(2, 3, metadata)
  const writer = new TableWriter(join(folder, 'layer-2.arrows'), schema)
  const given = [activationRows(0, 8), activationRows(5, 6, false)]
  writer.append(batchOfActivations(schema, given[0], 0, 5))
  writer.append(batchOfActivations(schema, given[0], 5, 8))
  writer.append(batchOfActivations(schema, given[1], 0, 6))
  const path = writer.finish()
  assert.is(inspectTable(path).batches, 3)
  const expected = given.flatMap(({ seed, epoch, replica, x, y, s, count }) =>
    Array.from({ length: count }, (_, i) => ({
      ...{ seed, epoch, replica: replica[i], x: x[i], y: y && y[i], s: s.slice(3 * i, 3 * i + 3) },
    })),
  )
  assert.equal(readRows(path), expected)
})

test('cut at any byte, a stream gives its whole rows and says that it is cut', () => {
  const { path } = writeTraining('cut.arrows', 2)
  const whole = readFileSync(path)
  const ends = [0, 1, 2].map((rows) => readFileSync(writeTraining(`ends-${rows}.arrows`, rows).path).length)
  for (let bytes = whole.length; bytes >= ends[0]; bytes--) {
    truncateSync(path, bytes)
    assert.is(countRows(path), ends.filter((end) => end <= bytes).length - 1, `${bytes} bytes`)
    assert.is(inspectTable(path).cut, !ends.includes(bytes), `${bytes} bytes`)
  }
  for (const bytes of [ends[0] - 1, 4, 0]) {
    truncateSync(path, bytes)
    assert.throws(() => readRows(path), /cut\.arrows: no Arrow schema in its \d+ bytes/)
  }
})

test('what a killed run left can still be turned into a file', () => {
  const { path } = writeTraining('killed.arrows', 4)
  truncateSync(path, readFileSync(path).length - 5)
  const file = finishTable(path)
  assert.equal(
    readRows(file),
    [0, 1, 2].map((epoch) => trainingRow(epoch)),
  )
})

test('rows that do not come back: the stream stays, no file appears', () => {
  const { path } = writeTraining('lost.arrows', 4)
  assert.throws(() => finishTable(path, 5), /5 rows written, 4 read back/)
  assert.ok(existsSync(path))
  assert.not(existsSync(join(folder, 'lost.arrow')))
  assert.not(existsSync(join(folder, 'lost.arrow.tmp')))
})

test('a row that does not fit is refused, not bent', () => {
  const refuse = (change: object, expected: RegExp) =>
    assert.throws(() => batchOfRows(information, [{ ...informationRow(0, 1), ...change }]), expected)
  refuse({ epoch: -1 }, /column epoch: -1 is not Uint32/)
  refuse({ queries: 2 ** 32 }, /column queries: 4294967296 is not null or Uint32/)
  refuse({ layer: 1.5 }, /column layer: 1.5/)
  refuse({ mi: undefined }, /column mi: undefined is not null or Float64/)
  refuse({ warnings: null }, /column warnings: null is not List<Utf8>/)
  refuse({ mi_correct: 1 }, /the table information has no column mi_correct/)
  const rows = activationRows(0, 4)
  assert.throws(() => batchOfActivations(activationSchema(2, 4, metadata), rows, 0, 4), /width 4 expected/)
})

test('a batch with another schema is refused, not dropped', () => {
  const writer = writeTraining('schema.arrows', 1)
  const other = trainingSchema({ configuration_hash: 'other' })
  assert.throws(() => writer.append(batchOfRows(other, [trainingRow(1)])), /does not have its table's schema/)
  assert.is(countRows(writer.path), 1)
})

test('files that are no tables: one line each', () => {
  const path = join(folder, 'information.arrow')
  const whole = readFileSync(path)
  const read = (name: string, bytes: Uint8Array) => () => {
    writeFileSync(join(folder, name), bytes)
    return readRows(join(folder, name))
  }
  const isInput = (pattern: RegExp) => (error: Error) => error instanceof InputError && pattern.test(error.message)
  assert.throws(read('half.arrow', whole.subarray(0, whole.length / 2)), isInput(/without its footer/))
  assert.throws(read('notes.txt', Buffer.from('a letter, not a table')), isInput(/no Arrow schema in its 21 bytes/))
  assert.throws(() => readRows(join(folder, 'none.arrow')), isInput(/none\.arrow: cannot be read \(ENOENT\)/))
  assert.throws(() => new TableWriter(join(folder, 'cut.arrows'), training), isInput(/there already \(EEXIST\)/))
})

test.run()
