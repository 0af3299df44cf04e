/**
 * What a run goes on from: RUN/checkpoints/NUMBER.SHA256.safetensors, the state of its networks, and as JSON in the metadata
 * everything else. A file stands under its name whole or not at all, and the name holds the hash of its bytes, so that one that was
 * damaged later is known as such. Two are kept: the last and the one before it.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { diskError, syncFolder, writeAtomically, writeFully } from './disk.js'
import { readSafetensors, safetensorsParts } from './safetensors.js'
import type { Tensor } from './rows.js'

/** Of what the files hold; another one is not read. */
export const checkpointVersion = 1

export const checkpointFile = /^(\d{6,})\.([0-9a-f]{64})\.safetensors$/

export interface CheckpointContent<State> {
  tensors: Tensor[]
  /** Plain JSON; numbers may be infinite or NaN. */
  state: State
}

export class CheckpointFiles<State> {
  readonly folder: string
  /** Names of those that are whole, the last one last. */
  #whole: string[] = []
  #number = 0

  /** @param run the run's folder */
  constructor(run: string) {
    this.folder = join(run, 'checkpoints')
  }

  /** The last one that is whole, null without any; and the names of later ones that are damaged. Throws where the folder cannot be read. */
  latest(): { content: CheckpointContent<State> | null; damaged: string[] } {
    const names = existsSync(this.folder) ? readdirSync(this.folder).filter((name) => checkpointFile.test(name)) : []
    names.sort((a, b) => numberIn(a) - numberIn(b))
    this.#number = names.length > 0 ? numberIn(names.at(-1)!) : 0
    for (let last = names.length - 1; last >= 0; last--) {
      const content = contentOf<State>(join(this.folder, names[last]))
      if (content === null) continue
      this.#whole = [names[last]]
      return { content, damaged: names.slice(last + 1) }
    }
    return { content: null, damaged: names }
  }

  /** On disk when it returns; then older ones than the last two are removed. Throws InputError on a full disk. */
  write({ tensors, state }: CheckpointContent<State>): void {
    const metadata = {
      format: 'infoflow checkpoint',
      version: `${checkpointVersion}`,
      state: JSON.stringify(state, said),
    }
    const parts = safetensorsParts(tensors, metadata)
    const hash = createHash('sha256')
    for (const part of parts) hash.update(part)
    const name = `${String(this.#number + 1).padStart(6, '0')}.${hash.digest('hex')}.safetensors`
    try {
      makeFolder(this.folder)
      writeAtomically(join(this.folder, name), (file) => parts.forEach((part) => writeFully(file, part)))
    } catch (error) {
      throw diskError(error, `${this.folder}: cannot write the checkpoint`, 'the one before it is kept')
    }
    this.#number++
    this.#whole = [...this.#whole.slice(-1), name]
    this.#tidy()
  }

  /** Removes all of them; the folder too, where nothing else is in it. */
  remove(): void {
    this.#whole = []
    if (!existsSync(this.folder)) return
    this.#tidy()
    if (readdirSync(this.folder).length === 0) rmdirSync(this.folder)
  }

  #tidy(): void {
    for (const name of readdirSync(this.folder)) {
      const own = checkpointFile.test(name.replace(/\.tmp$/, ''))
      if (own && !this.#whole.includes(name)) rmSync(join(this.folder, name), { force: true })
    }
  }
}

const numberIn = (name: string) => Number(checkpointFile.exec(name)![1])

/** Null where the bytes are not those that the name was made of, or hold no checkpoint of this version. */
function contentOf<State>(path: string): CheckpointContent<State> | null {
  try {
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
    if (hash !== checkpointFile.exec(basename(path))![2]) return null
    const { tensors, metadata } = readSafetensors(path)
    if (metadata.version !== `${checkpointVersion}`) return null
    return { tensors, state: JSON.parse(metadata.state, heard) as State }
  } catch {
    return null // what cannot be read is no better
  }
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(folder)
  syncFolder(dirname(folder))
}

const beyondJson: Record<string, number> = {
  'number NaN': NaN,
  'number Infinity': Infinity,
  'number -Infinity': -Infinity,
}

/** JSON has no word for these numbers. */
const said = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? `number ${value}` : value
const heard = (_: string, value: unknown) =>
  typeof value === 'string' && Object.hasOwn(beyondJson, value) ? beyondJson[value] : value
