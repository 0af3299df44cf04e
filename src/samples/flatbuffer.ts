/**
 * Whether the vectors in Arrow's metadata fit the bytes that hold them (flatbuffers.dev, "Internals"). The decoder does
 * not look: four damaged bytes would have it fill the memory with thousands of millions of fields that are not there.
 * Field numbers and sizes of elements are those of Arrow's Message.fbs, Schema.fbs and File.fbs.
 */
import { unreadable } from './wording.js'

const messageHeader = 2
const headerType = 1
const kinds = { schema: 1, dictionaryBatch: 2, recordBatch: 3 }

/** Throws InputError at a message whose vectors are longer than its bytes. */
export function checkMessage(bytes: Uint8Array): void {
  within(bytes, (tables) => {
    const root = tables.root()
    const header = tables.field(root, messageHeader)
    if (header === null) return
    const kind = tables.byte(root, headerType)
    if (kind === kinds.schema) checkSchema(tables, tables.follow(header))
    if (kind === kinds.recordBatch) checkBatch(tables, tables.follow(header))
    const data = kind === kinds.dictionaryBatch ? tables.field(tables.follow(header), 1) : null
    if (data !== null) checkBatch(tables, tables.follow(data))
  })
}

/** The same of a file's footer. */
export function checkFooter(bytes: Uint8Array): void {
  within(bytes, (tables) => {
    const root = tables.root()
    const schema = tables.field(root, 1)
    if (schema !== null) checkSchema(tables, tables.follow(schema))
    for (const [field, size] of [[2, 24], [3, 24], [4, 4]]) tables.vector(root, field, size) // prettier-ignore
  })
}

function checkBatch(tables: Tables, batch: number): void {
  for (const [field, size] of [[1, 16], [2, 16], [4, 8]]) tables.vector(batch, field, size) // prettier-ignore
}

function checkSchema(tables: Tables, schema: number): void {
  for (const field of tables.vector(schema, 1, 4)) checkField(tables, tables.follow(field))
  tables.vector(schema, 2, 4)
}

function checkField(tables: Tables, field: number): void {
  for (const child of tables.vector(field, 5, 4)) checkField(tables, tables.follow(child))
  tables.vector(field, 6, 4)
}

class Tables {
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  root = () => this.follow(0)
  follow = (at: number) => at + this.#view.getUint32(at, true)
  byte = (table: number, field: number) => {
    const at = this.field(table, field)
    return at === null ? 0 : this.#view.getUint8(at)
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
    const at = this.field(table, field)
    if (at === null) return []
    const start = this.follow(at)
    const count = this.#view.getUint32(start, true)
    if (start + 4 + count * size > this.#view.byteLength) throw new RangeError(`a vector of ${count} elements`)
    return Array.from({ length: count }, (_, i) => start + 4 + i * size)
  }
}

/** A DataView throws RangeError where a place is outside of it. */
function within(bytes: Uint8Array, check: (tables: Tables) => void): void {
  try {
    check(new Tables(bytes))
  } catch (error) {
    if (error instanceof RangeError) throw unreadable('Arrow', 'its metadata')
    throw error
  }
}
