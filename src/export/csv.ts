/**
 * A table as CSV (RFC 4180: commas, CRLF, quotes where needed, UTF-8), a header first. Numbers have all their digits, a missing value
 * is nothing, an empty text is "". A list of numbers has a column for each (s0, s1, ..., as `infoflow estimate` reads them), a list of
 * texts is one, with ' | ' between.
 *
 * A spreadsheet runs a cell that begins with = + - or @ as a formula, also one that came from somebody's data: such text (never
 * a number) gets an apostrophe in front, which spreadsheets take for 'this is text'. Other formats hold it as it is.
 */
import type { RecordBatch } from 'apache-arrow'
import { stringify } from 'csv-stringify/sync'
import { writeFully } from '../tables/disk.js'
import type { OpenTable } from '../tables/read.js'
import { isNumberList, joined, valuesOf, type ExportColumn, type Survey } from './columns.js'

const rowsAtOnce = 4096

const form = {
  record_delimiter: 'windows',
  escape_formulas: true,
  cast: {
    number: numberText,
    boolean: String,
    string: (text: string) => (text === '' ? { value: '', quoted_empty: true } : text),
  },
} as const

/** Writes header and rows into an open, empty file. Throws system errors. */
export function writeCsv(file: number, table: OpenTable, { columns }: Survey): void {
  write(file, [columns.flatMap(headings)])
  for (const batch of table.batches()) {
    for (let from = 0; from < batch.numRows; from += rowsAtOnce) {
      write(file, rowsOf(batch.slice(from, from + rowsAtOnce), columns))
    }
  }
}

/**
 * What a CSV file cannot say of itself, as CSV on the Web has it beside the file (w3.org/TR/tabular-data-model, 5.2): type, unit and
 * meaning of each column, and the table's own words.
 */
export function csvMetadata(url: string, table: OpenTable, { columns }: Survey): string {
  const described = columns.flatMap((column) =>
    headings(column).map((name) => ({
      name,
      datatype: datatypes[column.kind],
      'dc:description': column.description,
      'schema:unitText': column.unit,
      ...(column.kind === 'texts' && { separator: ' | ' }),
    })),
  )
  const { columns: _, ...own } = Object.fromEntries(table.schema.metadata)
  const told = { '@context': 'http://www.w3.org/ns/csvw', url, tableSchema: { columns: described }, notes: [own] }
  return `${JSON.stringify(told, null, 2)}\n`
}

const datatypes: Record<ExportColumn['kind'], string> = {
  ...{ u32: 'unsignedInt', u32s: 'unsignedInt', f32: 'float', f32s: 'float', f64: 'double', f64s: 'double' },
  ...{ boolean: 'boolean', text: 'string', texts: 'string' },
}

const headings = (column: ExportColumn) =>
  isNumberList(column) ? Array.from({ length: column.width }, (_, i) => `${column.name}${i}`) : [column.name]

function rowsOf(batch: RecordBatch, columns: ExportColumn[]): unknown[][] {
  const cells = columns.map((column, place) => Array.from(valuesOf(batch, place), (value) => cellsOf(column, value)))
  return Array.from({ length: batch.numRows }, (_, row) => cells.flatMap((column) => column[row]))
}

function cellsOf(column: ExportColumn, value: unknown): unknown[] {
  if (column.kind === 'texts') return [value === null ? null : joined(value as string[])]
  if (!isNumberList(column)) return [value]
  const list = (value ?? []) as unknown[]
  return list.length === column.width ? list : Array.from({ length: column.width }, (_, i) => list[i] ?? null)
}

/** As pandas, R, Polars and DuckDB all read it. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : String(value).replace('Infinity', 'Inf')
}

function write(file: number, rows: unknown[][]): void {
  writeFully(file, Buffer.from(stringify(rows, form)))
}
