/** Samples from NumPy: an .npy holds s alone, an .npz an array for each column. */
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { areAsInMemory, npyBytes, npyMemory, npyNumbers, npyScalars, readNpyHeader } from './npy.js'
import type { NpyHeader } from './npy.js'
import { sideBySide } from './source.js'
import type { Portion, Source } from './source.js'
import { listed, shown, unreadable } from './wording.js'
import { beginningOf, readEntry, zipEntries } from './zip.js'
import type { ZipEntry } from './zip.js'

/** An array that is read when it is needed. */
interface Stored {
  name: string
  header(): NpyHeader
  values(): Uint8Array<ArrayBuffer>
}

/** @param s what the array is to be called */
export function openNpy(file: FileBytes, s: string): Source {
  const header = readNpyHeader(file.read(0, Math.min(file.size, 2 ** 20)), s)
  wholeHeader(header, file.size)
  const values = () => file.read(header.offset, npyBytes(header))
  return sourceOf([{ name: s, header: () => header, values }], (one) => (areAsInMemory(one) ? 0 : 1))
}

/** The header, held against the bytes that there are before room is made for what it promises. */
function wholeHeader(header: NpyHeader, size: number): NpyHeader {
  const expected = header.offset + npyBytes(header)
  if (size >= expected) return header
  throw unreadable('a NumPy array', `${size} bytes where ${expected} should be`)
}

/** An entry holds one array and nothing behind it, which would be unpacked with it. */
function wholeEntry(header: NpyHeader, { name, size }: ZipEntry): NpyHeader {
  const expected = header.offset + npyBytes(header)
  if (size === expected) return header
  throw unreadable('a NumPy array', `${name} has ${size} bytes where ${expected} should be`)
}

/** Throws InputError where the archive is damaged or holds no arrays. */
export function openNpz(file: FileBytes): Source {
  const entries = zipEntries(file)
  const arrays = entries.filter(({ name }) => name.endsWith('.npy'))
  if (arrays.length === 0) {
    const inside = entries.length > 0 ? listed(entries.map(({ name }) => name)) : 'nothing'
    const found = `a ZIP archive that holds no NumPy arrays, but ${inside}`
    throw new InputError(
      `${found}: expected an .npz; from PyTorch, save with numpy.savez, an array for each column (x=x.numpy(), ...)`,
    )
  }
  return sourceOf(
    arrays.map((entry) => {
      const name = entry.name.slice(0, -'.npy'.length)
      const header = () => wholeEntry(readNpyHeader(beginningOf(file, entry), name), entry)
      return { name, header, values: () => readEntry(file, entry).slice(header().offset) }
    }),
    () => 2,
  )
}

/** @param copies of an array's bytes that reading makes besides the numbers */
function sourceOf(arrays: Stored[], copies: (header: NpyHeader) => number): Source {
  const byName = new Map(arrays.map((array) => [array.name, array]))
  const headerOf = (name: string) => byName.get(name)!.header()
  return {
    names: arrays.map(({ name }) => name),
    extent(chosen) {
      const headers = chosen.s.map(headerOf)
      return {
        rows: headerOf(columnsOf(chosen)[0]).shape[0] ?? 0,
        samples: headers.reduce((sum, header) => sum + npyMemory(header, chosen.compact), 0),
        portion: columnsOf(chosen)
          .map(headerOf)
          .reduce((most, header) => Math.max(most, copies(header) * npyBytes(header)), 0),
      }
    },
    shape: (name) => headerOf(name).shape,
    *portions(chosen) {
      checkLengths(chosen, headerOf)
      yield portion(chosen, byName)
    },
  }
}

function portion(chosen: ChosenColumns, arrays: Map<string, Stored>): Portion {
  const numbers = chosen.s.map((name) => {
    const { header, values } = arrays.get(name)!
    return npyNumbers(header(), values(), name, chosen.compact)
  })
  const scalars = scalarColumns(chosen).map((name) => {
    const { header, values } = arrays.get(name)!
    return [name, npyScalars(header(), values(), name)] as const
  })
  const [rows] = arrays.get(columnsOf(chosen)[0])!.header().shape
  return { rows, s: sideBySide(numbers, rows), scalars: new Map(scalars) }
}

const columnsOf = (chosen: ChosenColumns) => [...chosen.s, ...scalarColumns(chosen)]

function checkLengths(chosen: ChosenColumns, headerOf: (name: string) => NpyHeader): void {
  const [first, ...others] = columnsOf(chosen)
  const rows = headerOf(first).shape[0]
  for (const name of others) {
    const { shape } = headerOf(name)
    if (chosen.wide && chosen.s.includes(name) && shape.length !== 1) {
      throw new InputError(`${shown(name)} has the shape (${shape.join(', ')}): expected one number a sample`)
    }
    if (shape[0] === rows) continue
    const found = `${shown(name)} has ${shape[0] ?? 'no'} values where ${shown(first)} has ${rows} rows`
    throw new InputError(`${found}: expected one for each row; save arrays of the same length`)
  }
}
