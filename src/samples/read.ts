/** Samples from anybody's file: the format is found out, columns are chosen, rows become groups of samples. */
import { totalmem } from 'node:os'
import { InputError } from '../errors.js'
import { openArrow } from './arrow.js'
import { FileBytes } from './bytes.js'
import { chooseColumns } from './columns.js'
import type { ChosenColumns, SampleColumns } from './columns.js'
import { openCsv } from './csv.js'
import { formatOf } from './format.js'
import { Groups } from './groups.js'
import type { SampleGroup } from './groups.js'
import { openNpy, openNpz } from './npz.js'
import { openParquet } from './parquet.js'
import type { Extent, Source } from './source.js'
import { shown, size } from './wording.js'

export type { SampleColumns, SampleGroup }

/** Part of the machine's memory that samples may take. */
const partOfMemory = 0.6

/**
 * Samples from an Arrow file (Feather V2) or stream, also compressed, from Parquet, .npy, .npz or CSV with a header.
 * Groups come in the order of first appearance of their keys; without `by` there is one, with no keys. f16 and f32
 * samples are f32, all others f64. A stream that infoflow was killed at counts as far as its batches are whole.
 * @param memory bytes that the samples may take; by default 60 % of the machine's
 * @throws InputError one line, the path in front, text of the file escaped: see the messages in this folder
 */
export async function readSamples(
  path: string,
  columns: SampleColumns = {},
  memory = partOfMemory * totalmem(),
): Promise<SampleGroup[]> {
  try {
    const file = new FileBytes(path)
    try {
      const source = await open(file, columns)
      const chosen = chooseColumns(source.names, columns)
      const extent = source.extent(chosen)
      checkMemory(file, extent, chosen, memory)
      const groups = new Groups(chosen, extent.rows)
      for await (const portion of source.portions(chosen)) groups.add(portion)
      return groups.finish()
    } finally {
      file.close()
    }
  } catch (error) {
    throw told(error, path)
  }
}

async function open(file: FileBytes, { s = 's' }: SampleColumns): Promise<Source> {
  const format = formatOf(file)
  switch (format) {
    case 'arrow file':
      return openArrow(file, 'file')
    case 'arrow stream':
      return openArrow(file, 'stream')
    case 'parquet':
      return openParquet(file)
    case 'npy':
      return openNpy(file, s)
    case 'npz':
      return openNpz(file)
    case 'csv':
      return openCsv(file)
  }
}

/** Arrays that grow, because nobody knows how many rows a group has, take twice their size while they do. */
function checkMemory(file: FileBytes, { rows, samples, portion }: Extent, chosen: ChosenColumns, limit: number): void {
  const need = samples * (chosen.by.length > 0 || rows === null ? 2 : 1) + portion
  if (need <= limit) return
  throw new InputError(
    `a file of ${size(file.size)}, whose samples take ${size(need)} of memory, ${size(limit)} at most: ${remedies}`,
  )
}

const remedies = 'split it (by epoch, say), write fewer columns or rows, or f32 instead of f64'

function told(error: unknown, path: string): unknown {
  if (error instanceof InputError) return new InputError(`${shown(path, 400)}: ${error.message}`)
  const full = error instanceof RangeError && /array (buffer|length)|Map maximum size/i.test(error.message)
  return full ? new InputError(`${shown(path, 400)}: does not fit into memory (${error.message}): ${remedies}`) : error
}
