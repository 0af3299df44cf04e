import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testIf } from '../skip.js'
import { activationRows, informationRow, scratchFolder, trainingRow } from './sample-run.js'
import { sampleTables } from './sample-tables.js'

const tables = sampleTables(scratchFolder(test))
const [polars, reason] = await import('nodejs-polars').then(
  (module) => [module.default, ''] as const,
  (error: Error) => [null, `nodejs-polars does not load here: ${error.message.split('\n')[0]}`] as const,
)
const withPolars = (name: string, run: (pl: NonNullable<typeof polars>) => void) =>
  testIf(polars !== null, reason, test, name, () => run(polars!))

withPolars('Polars reads the training table', (pl) => {
  const table = pl.readIPC(tables.training)
  const types = Object.values(table.schema).map(String)
  assert.equal(
    types,
    ['UInt32', 'UInt32', ...Array(5).fill('Float64')].map((type) => `DataType(${type})`),
  )
  assert.equal(table.toRecords(), [trainingRow(0), trainingRow(1), trainingRow(2)])
})

withPolars('Polars reads the information table, nulls, words and lists of warnings', (pl) => {
  const table = pl.readIPC(tables.information)
  assert.is(String(table.schema.queries), 'DataType(UInt32)')
  assert.is(String(table.schema.mi_corrected), 'DataType(Float64)')
  assert.is(String(table.schema.regime), 'DataType(String)')
  assert.is(String(table.schema.warnings), 'DataType(List(DataType(String)))')
  assert.is(table.getColumn('mi').nullCount(), 1)
  assert.equal(table.toRecords(), [informationRow(10, 1), informationRow(10, 2)])
})

withPolars('Polars reads samples as fixed-size lists of f32, and absent labels as null', (pl) => {
  const table = pl.readIPC(tables.activations)
  assert.is(String(table.schema.s), 'DataType(FixedSizeList(DataType(Float32),3))')
  assert.equal(table.getColumn('y').toArray(), [0, 0, 1, 1, null, null])
  const rows = table.toRecords() as unknown as { s: number[] }[]
  const samples = [activationRows(0, 4), activationRows(10, 2)].flatMap(({ s }) => [...s])
  assert.equal(
    rows.flatMap(({ s }) => s),
    samples,
  )
})

withPolars('Polars reads the stream of a run that was killed', (pl) => {
  assert.equal(pl.readIPCStream(tables.killed).toRecords(), [trainingRow(0), trainingRow(1), trainingRow(2)])
})

test.run()
