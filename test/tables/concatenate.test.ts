/** Batches put together column by column are the rows one after the other, nulls, words and lists included. */
import { Field, List, Uint32, Utf8 } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { batchOfRows, rowsOfBatch } from '../../src/tables/batch.js'
import { concatenated } from '../../src/tables/concatenate.js'
import { column, real, schemaOf } from '../../src/tables/schema.js'

const schema = schemaOf(
  'test',
  [
    column('n', new Uint32(), 'count', 'a number'),
    real('x', 'nats', 'a number or nothing'),
    column('word', new Utf8(), 'none', 'a word or nothing', true),
    column('words', new List(new Field('item', new Utf8(), false)), 'none', 'words'),
    column('counts', new List(new Field('item', new Uint32(), false)), 'count', 'numbers'),
  ],
  { configuration_hash: '' },
)

/** Lengths on both sides of a byte of validity bits. */
const rows = Array.from({ length: 37 }, (_, i) => ({
  n: i,
  x: i % 3 === 0 ? null : i / 7,
  word: i % 5 === 0 ? null : `word ${i}`,
  words: i % 4 === 0 ? [] : ['a', `b${i}`],
  counts: [i, i + 1],
}))

test('rows come out in order, at any lengths', () => {
  for (const cuts of [[37], [1, 36], [8, 8, 21], [7, 9, 1, 20], [0, 37]]) {
    let at = 0
    const batches = cuts.map((length) => batchOfRows(schema, rows.slice(at, (at += length))))
    assert.equal(rowsOfBatch(concatenated(schema, batches)), rows, cuts.join())
  }
})

test('batches without any null stay without', () => {
  const whole = rows.map((row) => ({ ...row, x: row.n, word: '' }))
  const batch = concatenated(schema, [batchOfRows(schema, whole.slice(0, 9)), batchOfRows(schema, whole.slice(9))])
  assert.is(batch.getChildAt(1)!.nullCount, 0)
  assert.equal(rowsOfBatch(batch), whole)
})

test.run()
