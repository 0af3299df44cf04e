/** A file of any format, opened for what is in it; what is wrong with it is told with its path in front. */
import { InputError } from '../errors.js'
import { openArrow } from './arrow.js'
import { FileBytes } from './bytes.js'
import { openCsv } from './csv.js'
import { formatOf } from './format.js'
import { openNpy, openNpz } from './npz.js'
import { openParquet } from './parquet.js'
import type { Source } from './source.js'
import { shown } from './wording.js'

export interface Opening {
  /** What an .npy, which names nothing, is to be called. */
  name: string
  /** What the file is to hold, for errors: samples, inputs, labels. */
  holds: string
  /** What to do where it does not fit into memory. */
  remedies: string
}

/**
 * What `use` makes of the file, which is closed then.
 * @throws InputError one line, the path in front, text of the file escaped: see the messages in this folder
 */
export async function withSource<T>(
  path: string,
  { name, holds, remedies }: Opening,
  use: (source: Source, file: FileBytes) => Promise<T>,
): Promise<T> {
  try {
    const file = new FileBytes(path, holds)
    try {
      return await use(await open(file, name), file)
    } finally {
      file.close()
    }
  } catch (error) {
    throw told(error, path, remedies)
  }
}

async function open(file: FileBytes, name: string): Promise<Source> {
  const format = formatOf(file)
  switch (format) {
    case 'arrow file':
      return openArrow(file, 'file')
    case 'arrow stream':
      return openArrow(file, 'stream')
    case 'parquet':
      return openParquet(file)
    case 'npy':
      return openNpy(file, name)
    case 'npz':
      return openNpz(file)
    case 'csv':
      return openCsv(file)
  }
}

/** An InputError with the path in front; one for memory that is not there; else the error as it was. */
export function told(error: unknown, path: string, remedies: string): unknown {
  if (error instanceof InputError) return new InputError(`${shown(path, 400)}: ${error.message}`)
  const full = error instanceof RangeError && /array (buffer|length)|Map maximum size/i.test(error.message)
  return full ? new InputError(`${shown(path, 400)}: does not fit into memory (${error.message}): ${remedies}`) : error
}
