// The samples that every fixture holds (make-fixtures.py has the same formulas), and files for one test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { readSamples } from '../../src/samples/read.js'
import type { SampleColumns, SampleGroup } from '../../src/samples/read.js'

const count = 24
const width = 3
const rows = Array.from({ length: count }, (_, i) => i)
const s = rows.flatMap((i) => [0, 1, 2].map((j) => ((7 * i + 3 * j) % 16) / 8 - 1 + i / 64))
const kinds = rows.map((i) => (i + (i >= 12 ? 1 : 0)) % 4)

/** What the whole file reads as. */
export const example = {
  count,
  width,
  s,
  x: kinds,
  y: kinds.map((kind) => kind % 2),
  weights: kinds.map((kind) => (kind + 1) / 8),
}

/** Epochs 0 and 10, twelve rows each; in the second the inputs appear in another order, so that their codes are new. */
export const exampleByEpoch = [0, 10].map((epoch, group) => ({
  epoch,
  s: s.slice(36 * group, 36 * group + 36),
  x: rows.slice(0, 12).map((i) => i % 4),
  y: rows.slice(0, 12).map((i) => i % 2),
}))

export const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

/** Runs `use` with the path of a file of that name and contents, in a folder that is removed afterwards. */
export async function withFile<T>(name: string, contents: string | Uint8Array, use: (path: string) => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-samples-'))
  try {
    writeFileSync(join(folder, name), contents)
    return await use(join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Samples of a file with that text. */
export const readText = (text: string, columns?: SampleColumns, name = 'samples.csv'): Promise<SampleGroup[]> =>
  withFile(name, text, (path) => readSamples(path, columns))

/** The message, less the path, of the one line that must be thrown. */
export async function complaint(reading: Promise<unknown>): Promise<string> {
  try {
    await reading
  } catch (error) {
    assert.instance(error, InputError, `not meant for a person: ${(error as Error).stack}`)
    const { message } = error as InputError
    assert.not.match(message, /[\p{Cc}]/u)
    return message.replace(/^.*?\.\w+: /, '')
  }
  return assert.unreachable('nothing was thrown') as never
}
