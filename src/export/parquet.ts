/**
 * A table as Parquet, of the types that it has: whole numbers unsigned, f32 and f64, booleans, text, lists as lists (of any length:
 * Parquet has no other ones). Rows go to the file in groups, one in memory at a time. What the table says of itself, units and
 * meaning of its columns among it, is in the file's key-value metadata, under the same keys as in Arrow.
 */
import type { RecordBatch } from 'apache-arrow'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { writeFully } from '../tables/disk.js'
import type { OpenTable } from '../tables/read.js'
import { numbersOf, valuesOf, type ExportColumn, type Kind, type Survey } from './columns.js'

/** Of a row group: numbers in all of its columns, about. */
const numbersInGroup = 2 ** 20

/** Writes the table into an open, empty file. Throws system errors. */
export function writeParquet(file: number, table: OpenTable, { columns }: Survey): void {
  const buffer = new ByteWriter()
  const written = () => {
    writeFully(file, buffer.getBytes())
    buffer.index = 0
  }
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)]
  const kvMetadata = [...table.schema.metadata].map(([key, value]) => ({ key, value }))
  const writer = new ParquetWriter({ writer: buffer, schema, kvMetadata, createdBy: 'infoflow' })
  for (const group of groups(table, columns)) {
    const columnData = columns.map(({ name, kind }, place) => ({ name, data: dataOf(group, place, kind) as unknown[] }))
    void writer.write({ columnData, rowGroupSize: Math.max(1, rowCount(group)) })
    written()
  }
  void writer.finish()
  written()
}

/** Batches put together, or cut, to groups of about as many numbers. */
function* groups(table: OpenTable, columns: readonly ExportColumn[]): Generator<RecordBatch[]> {
  const width = columns.reduce((sum, column) => sum + Math.max(1, column.width), 0)
  const most = Math.max(1, Math.floor(numbersInGroup / width))
  let group: RecordBatch[] = []
  for (const batch of table.batches()) {
    for (let from = 0; from < batch.numRows; from += most) {
      const part = batch.slice(from, from + most)
      if (group.length > 0 && rowCount(group) + part.numRows > most) {
        yield group
        group = []
      }
      group.push(part)
    }
  }
  if (group.length > 0) yield group
}

const rowCount = (group: RecordBatch[]) => group.reduce((sum, { numRows }) => sum + numRows, 0)

/** As they lie in memory where they can; not u32, of which the library refuses the upper half in typed arrays. */
function dataOf(group: RecordBatch[], place: number, kind: Kind): ArrayLike<unknown> {
  const whole = group.length === 1 && kind !== 'u32' ? numbersOf(group[0], place) : null
  return whole ?? group.flatMap((batch) => [...valuesOf(batch, place)])
}

const leaves: Record<'u32' | 'f32' | 'f64' | 'boolean' | 'text', Partial<SchemaElement>> = {
  u32: { type: 'INT32', converted_type: 'UINT_32' },
  f32: { type: 'FLOAT' },
  f64: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
}

/** Of lists, what they are lists of. */
const elements: Partial<Record<Kind, keyof typeof leaves>> = { u32s: 'u32', f32s: 'f32', f64s: 'f64', texts: 'text' }

function elementsOf({ name, kind, nullable }: ExportColumn): SchemaElement[] {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED'
  const element = elements[kind]
  if (element === undefined) return [{ name, repetition_type, ...leaves[kind as keyof typeof leaves] }]
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...leaves[element] },
  ]
}
