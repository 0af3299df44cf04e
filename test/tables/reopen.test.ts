// Tables that are gone on with: streams, files, and either with more rows than are wanted.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { batchOfActivations, batchOfRows } from '../../src/tables/batch.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { activationSchema, trainingSchema } from '../../src/tables/schema.js'
import { TableWriter } from '../../src/tables/stream.js'
import { activationRows, metadata, scratchFolder, trainingRow } from './sample-run.js'

const folder = scratchFolder(test)
const schema = trainingSchema(metadata)
const rows = Array.from({ length: 7 }, (_, epoch) => trainingRow(epoch))

function written(name: string): TableWriter {
  const writer = new TableWriter(join(folder, `${name}.arrows`), schema)
  for (const row of rows) writer.append(batchOfRows(schema, [row]))
  return writer
}

/** Goes on behind the fourth row, and ends. */
function goOn(path: string): void {
  const writer = TableWriter.reopen(path, 4)
  assert.is(writer.rows, 4)
  assert.equal(readRows(path), rows.slice(0, 4))
  for (const row of rows.slice(4)) writer.append(batchOfRows(writer.schema, [row]))
  const file = writer.finish()
  assert.equal(readRows(file), rows)
  assert.equal([...inspectTable(file).schema.metadata], [...schema.metadata])
}

test('a stream, its last batch cut off in the middle', () => {
  const writer = written('stream')
  writer.close()
  appendFileSync(writer.path, readFileSync(writer.path).subarray(-50))
  goOn(writer.path)
})

test('a file, whose batches hold rows of both sides', () => {
  const writer = written('file')
  assert.is(inspectTable(writer.finish()).batches, 1)
  goOn(writer.path)
  assert.not(existsSync(writer.path))
})

test('a stream that was a file, with fewer rows than it had then', () => {
  const writer = written('again')
  writer.finish()
  TableWriter.reopen(writer.path, 6).close()
  assert.is(inspectTable(writer.path).batches, 1)
  goOn(writer.path)
})

test('both, when a table was killed while it became the other', () => {
  const writer = written('both')
  const stream = readFileSync(writer.path)
  const file = writer.finish()
  writeFileSync(writer.path, stream)
  TableWriter.reopen(writer.path, 7).close()
  assert.not(existsSync(file))
  goOn(writer.path)
})

test('samples of layers', () => {
  const layer = activationSchema(2, 3, metadata)
  const writer = new TableWriter(join(folder, 'layer-2.arrows'), layer)
  for (const epoch of [0, 1]) {
    const samples = activationRows(epoch, 2000)
    writer.append(batchOfActivations(layer, samples, 0, 2000))
  }
  const all = readRows(writer.finish())
  const again = TableWriter.reopen(writer.path, 2000)
  again.append(batchOfActivations(again.schema, activationRows(1, 2000), 0, 2000))
  assert.equal(readRows(again.finish()), all)
})

test('a table that is shorter than it was, or gone, is told', () => {
  const writer = written('short')
  writer.close()
  const refused = (path: string, what: RegExp) =>
    assert.throws(
      () => TableWriter.reopen(path, 8),
      (error: unknown) => error instanceof InputError && what.test(error.message),
    )
  refused(writer.path, /short\.arrows: holds fewer than the 8 rows that were recorded/)
  refused(join(folder, 'gone.arrows'), /gone\.arrow: cannot be read \(ENOENT\)/)
})

test.run()
