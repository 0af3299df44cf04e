/** Some columns of a record batch as rows: a table of a hundred thousand rows of which a report wants a few numbers each. */
import { Vector, type RecordBatch } from 'apache-arrow'

export type Cell = number | string | null | number[] | string[]

/** Rows of the named columns, those where `column` has `value` if that is asked. A list becomes an array. */
export function* columnsOf(
  batch: RecordBatch,
  names: readonly string[],
  keep?: readonly [column: string, value: string],
): Generator<Record<string, Cell>> {
  const vectors = names.map((name) => batch.getChild(name)!)
  const asked = keep ? batch.getChild(keep[0]) : null
  for (let at = 0; at < batch.numRows; at++) {
    if (keep && asked?.get(at) !== keep[1]) continue
    const row: Record<string, Cell> = {}
    names.forEach((name, i) => (row[name] = plain(vectors[i].get(at))))
    yield row
  }
}

const plain = (value: unknown) => (value instanceof Vector ? [...value] : value) as Cell
