/** The table of `infoflow estimate`: every field of an answer, and whatever names its groups. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { InformationAnswer } from '../../src/information/answer.js'
import { distinctKeys, writeEstimates, type AnswerRow, type GroupKeys } from '../../src/tables/answers.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { answerOf, deterministic } from '../report/answers.js'
import { scratchFolder } from './sample-run.js'

const folder = scratchFolder(test)
const path = join(folder, 'answers.arrow')
const metadata = { configuration_hash: 'c0ffee' }
const keyTypes = (...keys: GroupKeys[]) => {
  writeEstimates(
    path,
    keys.map((one) => ({ keys: one, answer: answerOf() })),
    metadata,
  )
  return inspectTable(path).schema.fields.map(({ name, type }) => `${name} ${type}`)
}

test('every field of an answer comes back as it was, behind the keys', () => {
  const full = answerOf({ minimal_samples: 3.4e17, sufficient: false, warnings: ['raise it'], label_mi: 0.7 })
  const answers = [full, deterministic()].map((answer, layer) => ({ keys: { layer }, answer }))
  writeEstimates(path, answers, metadata)
  assert.equal(
    readRows(path),
    answers.map(({ keys, answer }) => ({ ...keys, ...answer })),
  )
  assert.is(inspectTable(path).schema.fields[0].name, 'layer')
})

test('the record of the library and the row of the table are one', () => {
  const row = (answer: InformationAnswer): AnswerRow => answer
  const answer = (one: AnswerRow): InformationAnswer => one
  assert.equal(answer(row(answerOf())), answerOf())
})

test('the metadata tell version, table and, of every column, unit and meaning', () => {
  writeEstimates(path, [{ keys: { epoch: 1 }, answer: answerOf() }], metadata)
  const { schema } = inspectTable(path)
  assert.equal(
    ['schema_version', 'table', 'configuration_hash'].map((key) => schema.metadata.get(key)),
    [...['1', 'estimates', 'c0ffee']],
  )
  const told = JSON.parse(schema.metadata.get('columns')!)
  assert.equal(
    Object.keys(told),
    schema.fields.map(({ name }) => name),
  )
  assert.is(told.kt_upper.unit, 'nats')
  for (const { unit, description } of Object.values<{ unit: string; description: string }>(told)) {
    assert.ok(unit.length > 0 && description.length > 5)
  }
})

test('keys are u32, f64 or text, as they fit', () => {
  assert.equal(keyTypes({ a: 0, b: 0.5, c: 'x', d: -1 }, { a: 4294967295, b: 1, c: 'y', d: 1 }).slice(0, 4), [
    ...['a Uint32', 'b Float64', 'c Utf8', 'd Float64'],
  ])
  assert.is(keyTypes({ a: 1 }, { a: 'one' })[0], 'a Utf8')
  assert.equal(
    readRows<{ a: string }>(path).map(({ a }) => a),
    ['1', 'one'],
  )
})

test('a key that is called like a column of an answer, or like another key, gets a name of its own', () => {
  assert.equal(distinctKeys({ layer: 1, batches: 2, warning: 3 }), { layer: 1, by_batches: 2, by_warning: 3 })
  assert.equal(distinctKeys({ by_mi: 1, mi: 2 }), { by_mi: 1, by_by_mi: 2 })
  const names = keyTypes(distinctKeys({ mi: 1, seconds: 2 })).map((text) => text.split(' ')[0])
  assert.is(new Set(names).size, names.length)
})

test('a table that cannot be written leaves what stood there, and says why', () => {
  writeFileSync(path, 'mine')
  assert.throws(
    () => writeEstimates(path, [{ keys: {}, answer: { ...answerOf(), samples: -1 } }], metadata),
    /column samples: -1 is not/,
  )
  assert.is(readFileSync(path, 'utf8'), 'mine')
  const nowhere = join(folder, 'none', 'answers.arrow')
  assert.throws(() => writeEstimates(nowhere, [], metadata), /answers\.arrow: cannot write the table: no such folder/)
})

test.run()
