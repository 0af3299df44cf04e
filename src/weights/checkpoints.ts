/**
 * Which files of weights were meant, and of which epoch and seed they are.
 *
 * Epoch: the file's metadata (`epoch`), else its name: the number behind the last of the words epoch, else step, else
 * checkpoint, ckpt or iter; else the last whole number that is no seed, loss, accuracy, learning rate or version (v2);
 * else the number of a folder such as checkpoint-500. A file without any is epoch 0 where its seed has no other.
 * Seed: metadata (`seed`), else `seed-3` in its name or in that of its folder, as in a run's own
 * weights/seed-3/epoch-10.safetensors.
 */
import { realpathSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { InputError } from '../errors.js'
import { listed, shown } from '../samples/wording.js'
import { readSafetensorsMetadata } from '../tables/safetensors.js'
import { isFolder, matching, whatLiesAt } from './patterns.js'

export interface Checkpoint {
  /** As the pattern leads to it. */
  path: string
  epoch: number
  /** Undefined where nothing says it. */
  seed?: number
  format: 'safetensors' | 'onnx'
}

/** Of epochs and seeds in tables. */
const largest = 2 ** 32 - 1

/**
 * The files that patterns, folders and paths stand for, each once, by seed and epoch; of safetensors only headers are
 * read. A folder stands for the .safetensors and .onnx files in it, its seed-N and its `weights`, as a run has them.
 * @throws InputError a pattern that nothing matches (and what lies there), no safetensors, no epoch, one epoch of one
 *   seed twice
 */
export function checkpoints(patterns: readonly string[]): Checkpoint[] {
  const found = withoutLinks(patterns.flatMap(filesOf)).map(identified)
  const settled = found.map((one) => ({ ...one, epoch: one.epoch ?? onlyEpoch(one, found) }))
  settled.sort((a, b) => (a.seed ?? -1) - (b.seed ?? -1) || a.epoch - b.epoch)
  settled.forEach((one, i) => i > 0 && checkDifferent(settled[i - 1], one))
  return settled
}

/** Each file once: under its own name rather than that of a link such as latest.safetensors. */
function withoutLinks(paths: string[]): string[] {
  const files = new Map<string, string>()
  for (const path of paths) {
    const real = realpathSync(path)
    if (!files.has(real) || basename(path) === basename(real)) files.set(real, path)
  }
  return [...files.values()]
}

function filesOf(pattern: string): string[] {
  const found = matching(pattern)
  const files = found.flatMap((path) => (isFolder(path) ? inFolder(path) : [path]))
  if (files.length > 0) return files
  throw nothingMatched(pattern, found)
}

function inFolder(folder: string): string[] {
  const places = [folder, `${folder}/weights`].flatMap((place) => [place, ...matching('seed-*', place)])
  return places.flatMap((place) => ['*.safetensors', '*.onnx'].flatMap((name) => matching(name, place)))
}

type Found = Omit<Checkpoint, 'epoch'> & { epoch: number | null }

function identified(path: string): Found {
  const format = extname(path).toLowerCase() === '.onnx' ? 'onnx' : 'safetensors'
  const metadata = format === 'onnx' ? {} : readSafetensorsMetadata(path)
  const part = /-(\d+)-of-(\d+)\.\w+$/.exec(path)
  if (part && Number(part[2]) > 1)
    throw new InputError(
      `${shown(path, 400)}: part ${Number(part[1])} of ${Number(part[2])} of a model: save it in one file`,
    )
  const epoch = numberIn(metadata.epoch) ?? epochInPath(path)
  const seed = numberIn(metadata.seed) ?? seedInName(basename(path)) ?? seedInName(folderName(path))
  return { path, epoch, format, ...(seed === null ? {} : { seed }) }
}

/** Decimal, and small enough for tables; else null. */
function numberIn(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null
  return Number(text) <= largest ? Number(text) : null
}

const folderName = (path: string) => basename(dirname(path))
const seedInName = (name: string) => numberIn(/(?:^|[^a-z])seed[-_=.]?(\d+)/i.exec(name)?.[1])
const epochWords = ['epochs?|ep', 'steps?', 'checkpoint|ckpt|iter|iteration']

function epochInPath(path: string): number | null {
  const name = basename(path, extname(path))
  return behindWord(name) ?? lastNumber(name) ?? behindWord(folderName(path))
}

function behindWord(name: string): number | null {
  for (const words of epochWords) {
    const found = [...name.matchAll(RegExp(`(?:^|[^a-z])(?:${words})[-_=. ]*(\\d+)`, 'gi'))].map((one) =>
      numberIn(one[1]),
    )
    if (found.length > 0) return found.at(-1)!
  }
  return null
}

/** 0.3, 1e-3 are no whole numbers; seed3, acc97, lr1, v2 no epochs. */
function lastNumber(name: string): number | null {
  const numbers = [...name.matchAll(/(seed|loss|acc|accuracy|err|error|lr|v)?[-_=]*(\d+(?:\.\d+)?(?:e[-+]?\d+)?)/gi)]
  return numbers.flatMap(([, word, text]) => (word ? [] : (numberIn(text) ?? []))).at(-1) ?? null
}

function onlyEpoch({ path, seed }: Found, all: Found[]): number {
  if (all.filter((other) => other.seed === seed).length === 1) return 0
  throw new InputError(
    `${shown(path, 400)}: of which epoch? No number in its name or metadata, and it is not alone: ` +
      'name it such as epoch-10.safetensors, or leave it out',
  )
}

function checkDifferent(a: Checkpoint, b: Checkpoint): void {
  if (a.seed !== b.seed || a.epoch !== b.epoch) return
  const [first, second] = [a.path, b.path].map((path) => shown(path, 400))
  const seed = a.seed === undefined ? '' : ` of seed ${a.seed}`
  throw new InputError(
    `${first} and ${second} are both epoch ${a.epoch}${seed}: ` +
      'expected one of each; leave one out, or put seeds in folders seed-N',
  )
}

function nothingMatched(pattern: string, found: string[]): InputError {
  const { folder, names } = whatLiesAt(found[0] ?? pattern)
  const place = `${shown(folder, 400)} holds ${listed(names) || 'nothing'}`
  const pickles = names.some((name) => /\.(pt|pth|ckpt|bin)$/i.test(name))
  const remedy = pickles ? 'convert pickles with scripts/torch_export.py' : 'check the path; *, ? and ** are understood'
  return new InputError(`${shown(pattern, 400)}: no .safetensors or .onnx file matches: ${place}; ${remedy}`)
}
