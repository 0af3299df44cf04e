/** Samples from anybody's file: the format is found out, columns are chosen, rows become groups of samples. */
import { InputError } from '../errors.js'
import { memoryToUse } from '../memory.js'
import type { FileBytes } from './bytes.js'
import { chooseColumns } from './columns.js'
import type { ChosenColumns, SampleColumns } from './columns.js'
import { Groups } from './groups.js'
import type { SampleGroup } from './groups.js'
import { withSource } from './open.js'
import type { Extent, Source } from './source.js'
import { size, wrongShape } from './wording.js'

export type { SampleColumns, SampleGroup }

/**
 * Samples from an Arrow file (Feather V2) or stream, also compressed, from Parquet, .npy, .npz or CSV with a header.
 * Groups come in the order of first appearance of their keys; without `by` there is one, with no keys. f16 and f32
 * samples are f32, all others f64. A stream that infoflow was killed at counts as far as its batches are whole.
 * @param memory bytes that the samples may take; by default 60 % of the machine's
 * @throws InputError one line, the path in front, text of the file escaped: see the messages in this folder
 */
export function readSamples(path: string, columns: SampleColumns = {}, memory = memoryToUse()): Promise<SampleGroup[]> {
  const opening = { name: columns.s ?? 's', holds: 'samples', remedies }
  return withSource(path, opening, async (source, file) => {
    const chosen = chooseColumns(source.names, columns)
    checkShapes(source, chosen)
    const extent = source.extent(chosen)
    checkMemory(file, extent, chosen, memory)
    const groups = new Groups(chosen, extent.rows)
    for await (const portion of source.portions(chosen)) groups.add(portion)
    return groups.finish()
  })
}

/** Of more dimensions nobody knows which are the samples. */
function checkShapes(source: Source, { s }: ChosenColumns): void {
  for (const name of s) {
    const shape = source.shape?.(name) ?? [0]
    if (shape.length < 1 || shape.length > 2) throw wrongShape(shape, name, 'samples x components')
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
