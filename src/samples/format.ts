/** What a file is, by its first bytes; its name counts only where it is text. */
import { extname } from 'node:path'
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { shown, unreadable } from './wording.js'

export type Format = 'arrow file' | 'arrow stream' | 'parquet' | 'npy' | 'npz' | 'csv'

const read = 'Arrow/Feather (.arrow, .feather, .arrows), Parquet, NumPy (.npy, .npz) and CSV are read'

/** Things that people have and that are not read, by how they begin: what to do instead. */
const others: [begins: string, what: string, remedy: string][] = [
  ['FEA1', 'Feather version 1', 'write it again with version 2, the default of pandas and pyarrow since 2020'],
  ['PARE', 'an encrypted Parquet file', 'write it without encryption'],
  ['\x1f\x8b', 'compressed with gzip', 'unpack it (gunzip)'],
  ['\x28\xb5\x2f\xfd', 'compressed with Zstandard', 'unpack it (zstd -d)'],
  ['\x89HDF', 'HDF5', 'save its arrays with numpy.savez'],
  ['\x80', 'a Python pickle', 'save its arrays with numpy.savez'],
  ['{', 'JSON', 'write CSV or Feather'],
  ['[', 'JSON', 'write CSV or Feather'],
]

const binaryNames = ['.arrow', '.arrows', '.feather', '.ipc', '.parquet', '.npy', '.npz']

/** Throws InputError at an empty file, and at what is none of these. */
export function formatOf(file: FileBytes): Format {
  if (file.size === 0) throw new InputError(`an empty file: expected ${file.holds}; was it written whole?`)
  const head = Buffer.from(file.read(0, Math.min(file.size, 4096)).buffer)
  const start = head.toString('latin1')
  if (start.startsWith('ARROW1')) return 'arrow file'
  if (start.startsWith('\xff\xff\xff\xff')) return 'arrow stream'
  if (start.startsWith('PAR1')) return wholeParquet(file)
  if (start.startsWith('\x93NUMPY')) return 'npy'
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'npz'
  const other = others.find(([begins]) => start.trimStart().startsWith(begins))
  if (other) throw new InputError(`${other[1]}: ${read}; ${other[2]}`)
  const extension = extname(file.path).toLowerCase()
  if (!/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(start) && !binaryNames.includes(extension)) return 'csv'
  throw new InputError(
    `begins with '${shown(start, 8)}', which is no format known here: ${read}; convert it to one of them`,
  )
}

function wholeParquet(file: FileBytes): Format {
  const end = file.size >= 12 ? Buffer.from(file.read(file.size - 4, 4)).toString('latin1') : ''
  if (end !== 'PAR1') throw unreadable('Parquet', `no footer at the end of its ${file.size} bytes`)
  return 'parquet'
}
