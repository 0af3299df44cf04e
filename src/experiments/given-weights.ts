/** Weights out of files as the networks of a run: whose they are, of which epoch, and whether they fit. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../errors.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import { readSafetensors } from '../tables/safetensors.js'
import type { WeightsAt } from '../training/networks.js'
import type { Checkpoint } from '../weights/checkpoints.js'
import { readOnnx } from '../weights/onnx.js'
import { stateDictParameters } from '../weights/state-dict.js'
import type { GivenWeights } from './definition.js'

export interface WeightsRequest {
  checkpoints: Checkpoint[]
  /** Of weights whose files name no seed. */
  seed: number
  /** Lines of --map. */
  map: readonly string[]
  trainedNoise: number
  words: string[]
  /** Is told once what a person should know of the files. */
  note(line: string): void
}

/** @throws InputError: epochs that some seed lacks */
export function givenWeights(request: WeightsRequest): GivenWeights {
  const { checkpoints, seed: own, trainedNoise, words } = request
  requireSameEpochs(checkpoints)
  const files = checkpoints.map(({ path, seed = own, epoch }) => ({ path, seed, epoch, sha256: sha256(path) }))
  const seeded = checkpoints.every((one) => one.seed !== undefined)
  return { of: (network) => checked(request, network), seeded, trainedNoise, files, words }
}

/** Reads every file once before anything begins, and again when its turn comes: memory holds one network's weights. */
function checked({ checkpoints, seed: own, map, note }: WeightsRequest, network: NetworkSpec): WeightsAt {
  const notes = new Set<string>()
  for (const checkpoint of checkpoints) for (const line of parametersOf(checkpoint, network, map).notes) notes.add(line)
  for (const line of notes) note(line)
  const places = new Map(checkpoints.map((one) => [`${one.seed ?? own} ${one.epoch}`, one]))
  return (seed, epoch) => parametersOf(places.get(`${seed} ${epoch}`)!, network, map).parameters
}

function parametersOf({ path, format }: Checkpoint, network: NetworkSpec, map: readonly string[]) {
  if (format === 'safetensors') {
    const { tensors, notWeights } = readSafetensors(path)
    return stateDictParameters(network, tensors, { map, name: path, notWeights })
  }
  const { layers, inputWidth, inputShape, parameters, notes } = readOnnx(path)
  requireSameLayers({ ...network, layers, inputWidth, inputShape }, network, path)
  return { parameters, notes: notes.map((line) => `${path}: ${line}`) }
}

/** A graph says its layers itself. Dropout, which it has no use for, may be there or not. */
function requireSameLayers(found: NetworkSpec, expected: NetworkSpec, path: string): void {
  const lists = [found, expected].map((network) =>
    layerTable(network)
      .filter(({ type }) => type !== 'dropout')
      .map(({ type, width, activation }) => `${type}, ${width} wide, ${activation}`),
  )
  const longest = Math.max(lists[0].length, lists[1].length)
  const at = Array.from({ length: longest }, (_, i) => i).find((i) => lists[0][i] !== lists[1][i])
  if (at === undefined) return
  const [own, wanted] = lists.map((list) => list[at] ?? 'none')
  throw new InputError(
    `${path}: layer ${at + 1}, dropout not counted, is ${own}: expected ${wanted}, as network.layers has it: leave network out ` +
      'to take it from the graph',
  )
}

function requireSameEpochs(checkpoints: readonly Checkpoint[]): void {
  const seeds = new Map<number | undefined, Map<number, string>>()
  for (const { seed, epoch, path } of checkpoints) seeds.set(seed, (seeds.get(seed) ?? new Map()).set(epoch, path))
  const epochs = [...new Set(checkpoints.map(({ epoch }) => epoch))]
  for (const [seed, own] of seeds) {
    const missing = epochs.find((epoch) => !own.has(epoch))
    if (missing === undefined) continue
    throw new InputError(
      `--weights: seed ${seed ?? 'unknown'} has no file of epoch ${missing}, which others have: expected the same epochs of ` +
        'every seed: leave out the others, or measure seeds one by one',
    )
  }
}

/** Piece by piece: files of weights may be larger than a Buffer. */
function sha256(path: string): string {
  const [file, hash, piece] = [openSync(path, 'r'), createHash('sha256'), Buffer.alloc(2 ** 20)]
  try {
    for (let read = 1; read > 0;) {
      read = readSync(file, piece)
      hash.update(piece.subarray(0, read))
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
