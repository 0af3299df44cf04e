/**
 * Whether the vectors and texts in Arrow's metadata fit the bytes that hold them (flatbuffers.dev, "Internals"). The decoder
 * does not look: four damaged bytes would have it fill the memory with thousands of millions of fields that are not there, and
 * tables that lead to one table in common become fields without number. Field numbers and sizes of elements are those of Arrow's
 * Message.fbs, Schema.fbs and File.fbs. What is wrong is a RangeError; who knows the file says so to a person.
 */

const messageHeader = 2
const headerType = 1
const kinds = { schema: 1, dictionaryBatch: 2, recordBatch: 3 }

/** Columns, those inside of others counted too. */
const mostFields = 131_072
/** Of lists in lists. */
const deepest = 64

/** Throws RangeError at a message whose vectors are longer than its bytes, or lead to more than these hold. */
export function checkMessage(bytes: Uint8Array): void {
  const tables = new Tables(bytes)
  const root = tables.root()
  const header = tables.field(root, messageHeader)
  if (header === null) return
  const kind = tables.byte(root, headerType)
  if (kind === kinds.schema) checkSchema(tables, tables.follow(header))
  if (kind === kinds.recordBatch) checkBatch(tables, tables.follow(header))
  const data = kind === kinds.dictionaryBatch ? tables.field(tables.follow(header), 1) : null
  if (data !== null) checkBatch(tables, tables.follow(data))
}

/** The same of a file's footer. */
export function checkFooter(bytes: Uint8Array): void {
  const tables = new Tables(bytes)
  const root = tables.root()
  const schema = tables.field(root, 1)
  if (schema !== null) checkSchema(tables, tables.follow(schema))
  for (const [field, size] of [[2, 24], [3, 24]]) tables.vector(root, field, size) // prettier-ignore
  checkPairs(tables, root, 4)
}

function checkBatch(tables: Tables, batch: number): void {
  for (const [field, size] of [[1, 16], [2, 16], [4, 8]]) tables.vector(batch, field, size) // prettier-ignore
}

function checkSchema(tables: Tables, schema: number): void {
  for (const field of tables.vector(schema, 1, 4)) checkField(tables, tables.follow(field), 0)
  checkPairs(tables, schema, 2)
}

function checkField(tables: Tables, field: number, depth: number): void {
  if (depth > deepest) throw new RangeError(`columns in columns, more than ${deepest} deep`)
  tables.count()
  tables.text(field, 0)
  for (const child of tables.vector(field, 5, 4)) checkField(tables, tables.follow(child), depth + 1)
  checkPairs(tables, field, 6)
}

/** Keys and values, as text. */
function checkPairs(tables: Tables, table: number, field: number): void {
  for (const pair of tables.vector(table, field, 4)) for (const side of [0, 1]) tables.text(tables.follow(pair), side)
}

class Tables {
  readonly #view: DataView
  #fields = 0
  /** Bytes of text that may still be decoded: writers may share a text, but not without end. */
  #text: number

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#text = 16 * bytes.byteLength + 2 ** 16
  }

  root = () => this.follow(0)
  follow = (at: number) => at + this.#view.getUint32(at, true)
  byte = (table: number, field: number) => {
    const at = this.field(table, field)
    return at === null ? 0 : this.#view.getUint8(at)
  }

  count(): void {
    if (++this.#fields > mostFields) throw new RangeError(`more than ${mostFields} columns`)
  }

  /** Where a table's field stands, null if the table has none. */
  field(table: number, number: number): number | null {
    const index = table - this.#view.getInt32(table, true)
    const slot = 4 + 2 * number
    const offset = slot < this.#view.getUint16(index, true) ? this.#view.getUint16(index + slot, true) : 0
    return offset === 0 ? null : table + offset
  }

  /** Where the elements of a vector stand. Throws RangeError if they do not fit. */
  vector(table: number, field: number, size: number): number[] {
    const [start, count] = this.#extent(table, field, size)
    return Array.from({ length: count }, (_, i) => start + i * size)
  }

  text(table: number, field: number): void {
    this.#text -= this.#extent(table, field, 1)[1]
    if (this.#text < 0) throw new RangeError('more text than its bytes')
  }

  #extent(table: number, field: number, size: number): [start: number, count: number] {
    const at = this.field(table, field)
    if (at === null) return [0, 0]
    const start = this.follow(at)
    const count = this.#view.getUint32(start, true)
    if (start + 4 + count * size > this.#view.byteLength) throw new RangeError(`a vector of ${count} elements`)
    return [start + 4, count]
  }
}
