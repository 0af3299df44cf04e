/** Samples from text: CSV with a header, separated by comma, semicolon or tab, whichever the first line has most of. */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import type { Parser } from 'csv-parse'
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import type { Portion, Scalar, Source } from './source.js'
import { listed, missingValue, notNumber, shown, unreadable } from './wording.js'

const rowsPerPortion = 4096
/** Characters of a portion, whose fields are texts until they are numbers. */
const charactersPerPortion = 2 ** 24
/** A line that never ends, or that is all commas, must fill neither memory nor time. */
const mostColumns = 131_072
const longestHeader = 2 ** 22
const longestRow = (columns: number) => 2 ** 20 + 256 * columns
/** No two ways to match the same digits: else a megabyte of them before a letter would take hours. */
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
/** Numbers as programs write them; 007 is a name. */
const canonical = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i
const missing = new Set(['', 'NA', 'N/A', 'null', 'NULL', 'None'])
const special = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
])

/** Throws InputError where the first line names no columns. */
export async function openCsv(file: FileBytes): Promise<Source> {
  const start = Buffer.from(file.read(0, Math.min(file.size, 65_536)).buffer).toString('utf8')
  const delimiter = delimiterOf(start)
  checkFirstLine(file, delimiter)
  const names = await headerOf(file.path, delimiter)
  if (names.every((name) => number.test(name) || missing.has(name))) {
    throw new InputError(
      `the first line is ${listed(names)}: expected names of columns there, such as x,s0,s1; add a first line`,
    )
  }
  const lines = start.split('\n').length - 2
  const rows = lines > 0 ? Math.ceil((file.size / start.length) * lines) : 1
  return {
    names,
    extent: ({ s }) => ({
      rows: null,
      samples: 8 * rows * s.length,
      portion: 8 * Math.min(rows, rowsPerPortion) * s.length,
    }),
    portions: (chosen) => portions(file.path, delimiter, names, chosen),
  }
}

async function* portions(
  path: string,
  delimiter: string,
  names: string[],
  chosen: ChosenColumns,
): AsyncGenerator<Portion> {
  const placeOf = new Map(names.map((name, place) => [name, place]))
  const places = chosen.s.map((name) => placeOf.get(name)!)
  const scalars = scalarColumns(chosen).map((name) => ({ name, place: placeOf.get(name)! }))
  let records: string[][] = []
  let [first, characters] = [0, 0]
  const portion = (): Portion => ({
    rows: records.length,
    s: { values: numbersOf(records, places, names, first), width: places.length },
    scalars: new Map(scalars.map(({ name, place }) => [name, records.map((record) => scalarOf(record[place]))])),
  })
  for await (const record of recordsOf(path, delimiter, longestRow(names.length), 2)) {
    checkFields(record, names, first + records.length)
    records.push(record)
    characters += record.reduce((sum, { length }) => sum + length, 0)
    if (records.length < rowsPerPortion && characters < charactersPerPortion) continue
    yield portion()
    first += records.length
    records = []
    characters = 0
  }
  if (records.length > 0) yield portion()
}

function numbersOf(records: string[][], places: number[], names: string[], first: number): Float64Array {
  const values = new Float64Array(records.length * places.length)
  let at = 0
  for (const [i, record] of records.entries()) {
    for (const place of places) values[at++] = numberOf(record[place].trim(), first + i, names[place])
  }
  return values
}

function numberOf(text: string, row: number, column: string): number {
  if (number.test(text)) return Number(text)
  const value = special.get(text.toLowerCase().replace(/^\+/, ''))
  if (value !== undefined) return value
  if (missing.has(text)) throw missingValue(row, column)
  const remedy = text.startsWith('[')
    ? 'write one column a component: s0, s1, ...'
    : 'drop the row or repair it (a decimal point, no comma)'
  throw notNumber(row, column, text, remedy)
}

function scalarOf(field: string): Scalar {
  const text = field.trim()
  if (missing.has(text)) return null
  if (text.toLowerCase() === 'nan') return NaN
  const value = canonical.test(text) ? Number(text) : NaN
  // A whole number too long for f64 stays what it is: text.
  return Number.isNaN(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)) ? text : value
}

function checkFields(record: string[], names: string[], row: number): void {
  if (record.length === names.length) return
  const found = `row ${row} has ${record.length} fields: expected ${names.length}, as the first line names`
  throw new InputError(`${found}; was the file cut, or is a text with a comma unquoted?`)
}

/** Counted before it is taken apart. */
function checkFirstLine(file: FileBytes, delimiter: string): void {
  let columns = 1
  for (let at = 0; at < Math.min(file.size, longestHeader); at += 65_536) {
    const piece = Buffer.from(file.read(at, Math.min(65_536, file.size - at)).buffer)
    const end = piece.findIndex((byte) => byte === 10 || byte === 13)
    const line = end < 0 ? piece : piece.subarray(0, end)
    for (let i = line.indexOf(delimiter); i >= 0; i = line.indexOf(delimiter, i + 1)) columns++
    if (columns > mostColumns) throw new InputError(`more than ${mostColumns} columns, which are read at most`)
    if (end >= 0) return
  }
  if (file.size > longestHeader) throw tooLong(longestHeader)
}

async function headerOf(path: string, delimiter: string): Promise<string[]> {
  for await (const record of recordsOf(path, delimiter, longestHeader, 1, 1)) return record.map((name) => name.trim())
  throw new InputError('no first line: expected names of columns there, such as x,s0,s1')
}

/** @param longest characters of a record */
async function* recordsOf(
  path: string,
  delimiter: string,
  longest: number,
  from: number,
  to?: number,
): AsyncGenerator<string[]> {
  const options = { bom: true, delimiter, skipEmptyLines: true, relaxColumnCount: true, maxRecordSize: longest }
  const parser: Parser = parse({ ...options, from, to })
  const stream = createReadStream(path)
  stream.on('error', (error) => parser.destroy(error))
  // The parser does not count separators.
  stream.on(
    'data',
    lineGuard(() => parser.destroy(tooLong(longest)), longest),
  )
  try {
    for await (const record of stream.pipe(parser)) yield record as string[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'CSV_MAX_RECORD_SIZE') throw tooLong(longest)
    throw error instanceof InputError ? error : unreadable('CSV', shown((error as Error).message, 160))
  } finally {
    stream.destroy()
  }
}

const tooLong = (longest: number) =>
  new InputError(`a row of more than ${longest} characters: expected lines; is it the file that was meant?`)

/** Calls `stop` where so many bytes have come without the end of a line. */
function lineGuard(stop: () => void, longest: number): (piece: string | Buffer) => void {
  let line = 0
  return (piece) => {
    const end = Math.max(piece.lastIndexOf('\n'), piece.lastIndexOf('\r'))
    line = end < 0 ? line + piece.length : piece.length - 1 - end
    if (line > longest) stop()
  }
}

function delimiterOf(start: string): string {
  const line = start.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: line.split(mark).length }))
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).mark
}
