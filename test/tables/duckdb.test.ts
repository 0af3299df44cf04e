import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { endOfStream } from '../../src/tables/ipc.js'
import { testIf } from '../skip.js'
import { activationRows, informationRow, scratchFolder, trainingRow } from './sample-run.js'
import { sampleTables } from './sample-tables.js'

/** DuckDB compiled to WebAssembly, in this process; it reads Arrow streams only. */
async function connect() {
  const duckdb = await import('@duckdb/duckdb-wasm/blocking')
  const dist = dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'))
  const bundle = (name: string) => ({ mainModule: join(dist, `duckdb-${name}.wasm`), mainWorker: '' })
  const bundles = { mvp: bundle('mvp'), eh: bundle('eh') }
  const database = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME)
  await database.instantiate()
  return database.connect()
}

const [connection, reason] = await connect().then(
  (made) => [made, ''] as const,
  (error: Error) => [null, `@duckdb/duckdb-wasm does not load here: ${error.message}`] as const,
)
const tables = sampleTables(scratchFolder(test))
const sql = (query: string): Record<string, unknown>[] => JSON.parse(JSON.stringify(connection!.query(query).toArray()))

/** A file is a stream behind its first eight bytes. */
const insert = (name: string, file: Buffer) => connection!.insertArrowFromIPCStream(file.subarray(8), { name })
const types = (name: string): Record<string, unknown> =>
  Object.fromEntries(sql(`describe ${name}`).map((row) => [row.column_name, row.column_type]))

const withDuckDb = (name: string, run: () => void) => testIf(connection !== null, reason, test, name, run)

withDuckDb('DuckDB reads the training table', () => {
  insert('training', tables.training)
  assert.equal(Object.values(types('training')), ['UINTEGER', 'UINTEGER', ...Array(5).fill('DOUBLE')])
  assert.equal(sql('select * from training order by epoch'), [trainingRow(0), trainingRow(1), trainingRow(2)])
})

withDuckDb('DuckDB reads the information table, nulls, words and lists of warnings', () => {
  insert('information', tables.information)
  const { queries, mi_corrected, regime, warnings } = types('information')
  assert.equal([queries, mi_corrected, regime, warnings], ['UINTEGER', 'DOUBLE', 'VARCHAR', 'VARCHAR[]'])
  assert.equal(sql('select * from information order by layer'), [informationRow(10, 1), informationRow(10, 2)])
  assert.equal(sql('select layer from information where mi is null'), [{ layer: 2 }])
})

withDuckDb('DuckDB reads samples as fixed-size lists of f32, and absent labels as null', () => {
  insert('samples', tables.activations)
  assert.is(types('samples').s, 'FLOAT[3]')
  assert.equal(
    sql('select y from samples order by epoch, x, replica').map(({ y }) => y),
    [0, 0, 1, 1, null, null],
  )
  const expected = [activationRows(0, 4), activationRows(10, 2)].flatMap(({ s }) => [...s])
  const found = sql('select unnest(s) as number from samples').map(({ number }) => Math.fround(number as number))
  assert.equal(found, expected)
})

withDuckDb('DuckDB reads the stream of a run that was killed, once told that it has ended', () => {
  connection!.insertArrowFromIPCStream(Buffer.concat([tables.killed, endOfStream]), { name: 'killed' })
  assert.equal(sql('select count(*)::integer as rows, max(epoch) as last from killed'), [{ rows: 3, last: 2 }])
})

test.run()
