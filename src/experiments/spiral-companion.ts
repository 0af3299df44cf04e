/** What `infoflow run spiral` adds: after training, estimates of h(T) of the last hidden layer as rows of entropies.arrow, and a picture. */
import { InputError } from '../errors.js'
import { layerTable } from '../network/network.js'
import { minimalSamples } from '../math/theory.js'
import type { EntropyRow } from '../tables/rows.js'
import { shared } from '../training/setup.js'
import type { Config } from './config.js'
import type { Companion, FinishedRun } from './definition.js'
import { requireOneSeed } from './seeds.js'
import { estimates, references, type Asked } from './spiral-entropies.js'
import { entropyPoints, referenceOf, spiralSummary, toldOfRepetition } from './spiral-summary.js'
import { seedsFrom } from './study-seeds.js'

/** @throws InputError: no hidden layer with noise on top, whose entropy is what this is about */
export async function spiralCompanion(config: Config): Promise<Companion> {
  requireOneSeed(config)
  const sizes = sizesOf(config)
  const minimal = requireLayer(config)
  const seen: Seen = { rows: [], draws: 0, seeds: 0 }
  const { rows } = seen
  await Promise.resolve()
  return {
    beside: `entropies: after training, ${planned(sizes)}, which the expected time leaves out\n${minimal}`,
    finished: (run) => estimateAll(run, sizes, seen),
    async draw(folder, heading) {
      const reference = referenceOf(rows)
      const points = reference && entropyPoints(rows, reference.value)
      if (!reference || !points || points.length === 0) return []
      const { spiralSpecification } = await import('../report/spiral-picture.js')
      const { writePicture } = await import('../report/picture.js')
      const [{ layer, dimension }] = rows
      const minimalSamples = rows.find((row) => row.minimal_samples !== null)!.minimal_samples!
      const seen = { ...heading, reference, points, layer, dimension, minimalSamples }
      return writePicture('spiral', spiralSpecification(seen), folder)
    },
    words: () => spiralSummary(rows),
    state: () => seen,
    restore(state) {
      const then = (state as Seen | undefined) ?? { rows: [], draws: 0, seeds: 0 }
      Object.assign(seen, then, { rows })
      rows.splice(0, rows.length, ...then.rows)
    },
  }
}

/** The rows so far, and how many draws and seeds they took. */
interface Seen {
  rows: EntropyRow[]
  draws: number
  seeds: number
}

/** With nothing left to pick. */
interface Sizes {
  samples: number[]
  repetitions: number
  queries: number
  referenceSamples: number
  referenceRepetitions: number
}

function sizesOf({ entropies }: Config): Sizes {
  if (!entropies || Object.values(entropies).includes('auto'))
    throw new TypeError('entropies: left to pick, which applyMode should have done')
  return entropies as Sizes
}

const planned = ({ samples, repetitions, referenceSamples, referenceRepetitions }: Sizes) =>
  `h(T) from n = ${samples.join(', ')}, ${repetitions} times each, and the reference from ${referenceSamples}, ` +
  `${referenceRepetitions} times`

/** The line on what theory asks for. */
function requireLayer({ network, noise }: Config): string {
  const { layers } = network
  const layer = layers.at(-2)
  if (layer && 'width' in layer) {
    const { width, noiseStd = noise.std } = layer
    if (noiseStd > 0) {
      const least = minimalSamples(width, noiseStd)
      return `samples below which some ${width} neurons with noise ${noiseStd} leave a bias of 0.1 nats: ${least} (METHOD 2.3)`
    }
  }
  throw new InputError(
    'network.layers: the last but one is no dense layer with noise, whose entropy is estimated: set noise.std > 0',
  )
}

/** The reference first, as all else is held against it; a repetition of every n after the other. What was seen is not drawn again. */
async function estimateAll(
  { machine, experiment, recorder, signal, log, keep }: FinishedRun,
  { samples, repetitions, queries, referenceSamples, referenceRepetitions }: Sizes,
  seen: Seen,
): Promise<boolean> {
  const { network, training, seeds } = experiment
  const [seed] = seeds
  const parameters = (await machine.read(shared.parameters)) as Float32Array
  machine.release()
  const layer = layerTable(network).length - 1
  const asked: Asked = { network, parameters, layer, seed, epoch: training.epochs }
  // not from this seed's own on: the training points are those of a small one
  const next = seedsFrom(seed + 1)
  for (let i = 0; i < seen.seeds; i++) next()
  const nextSeed = () => {
    seen.seeds++
    return next()
  }
  let draws = 0
  const drawn = async (estimate: () => Promise<EntropyRow[]>) => {
    if (draws++ < seen.draws) return
    const found = await estimate()
    seen.rows.push(...found)
    seen.draws = draws
    recorder.entropy(...found)
    keep()
  }
  const told = (part: EntropyRow['part'], repetition: number) =>
    toldOfRepetition(seen.rows.filter((row) => row.part === part && row.repetition === repetition))
  for (let repetition = 1; repetition <= referenceRepetitions; repetition++) {
    if (signal.aborted) return false
    await drawn(() => references(machine, asked, { samples: referenceSamples, repetition, seed: nextSeed() }, nextSeed))
    log(`  reference ${repetition} of ${referenceRepetitions}   ${told('reference', repetition)}`)
  }
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const count of [...new Set(samples)].sort((a, b) => a - b)) {
      if (signal.aborted) return false
      await drawn(() => estimates(machine, asked, { samples: count, repetition, seed: nextSeed() }, queries))
    }
    log(`  ${repetition} of ${repetitions}   ${told('samples', repetition)}`)
  }
  return true
}
