/** What a run of `mixture` computes: an estimate a task, every repetition with samples, noise and queries of its own. */
import { entropy, estimateInformation } from '../information/estimate.js'
import { cubeMixtureEntropy } from '../math/cube-mixture.js'
import { minimalSamples } from '../math/theory.js'
import type { Machine } from '../plan.js'
import { wrapped } from '../report/numbers.js'
import { kernelDensity } from '../rivals/kde.js'
import { kozachenkoLeonenko } from '../rivals/kozachenko-leonenko.js'
import { mixtureSchema, type MixtureRow } from '../tables/study-schema.js'
import { cubeCorners, cubeMixtureSamples, noisyCubeMixture } from './cube-mixture-samples.js'
import type { MixtureConfig } from './mixture-config.js'
import { drawMixture, mixtureSummary, toldOfRound } from './mixture-words.js'
import type { Study, StudyTask } from './study.js'
import { seedsFrom } from './study-seeds.js'
import { concerning } from './study-warnings.js'

/** One setting of the first part. */
interface Setting {
  dimension: number
  noiseStd: number
  truncated: boolean
  samples: number
  truth: number
}

export function prepareMixture(config: MixtureConfig): Study {
  return {
    tasks: tasksOf(config),
    schema: mixtureSchema,
    head: [necessary(config)],
    told: (rows, round) => toldOfRound(rows as MixtureRow[], round, config),
    draw: (rows, folder, heading) => drawMixture(rows as MixtureRow[], folder, heading, config),
    summary: (rows) => mixtureSummary(rows as MixtureRow[], config),
  }
}

function tasksOf(config: MixtureConfig): StudyTask[] {
  const nextSeed = seedsFrom(config.seed)
  const settings = settingsOf(config)
  const truths = config.corners.dimensions.map((d) => d * cubeMixtureEntropy(0, config.corners.noiseStd, false))
  const tasks: StudyTask[] = []
  for (let round = 1; round <= config.repetitions; round++) {
    for (const setting of settings) tasks.push(...estimates(setting, config, round, nextSeed()))
  }
  for (let repetition = 1; repetition <= config.corners.repetitions; repetition++) {
    const round = Math.ceil((repetition * config.repetitions) / config.corners.repetitions)
    config.corners.dimensions.forEach((dimension, i) => {
      for (const each of config.corners.queriesEach) {
        tasks.push(corners({ dimension, each, round, repetition, truth: truths[i], seed: nextSeed() }, config))
      }
    })
  }
  return tasks.sort((a, b) => a.round - b.round)
}

function settingsOf({ truncated, noiseStds, dimensions, samples, spread }: MixtureConfig): Setting[] {
  const places = truncated.flatMap((cut) => noiseStds.map((noiseStd) => ({ truncated: cut, noiseStd })))
  return places.flatMap((place) => {
    const axis = cubeMixtureEntropy(spread, place.noiseStd, place.truncated)
    return dimensions.flatMap((dimension) =>
      samples.map((n) => ({ ...place, dimension, samples: n, truth: dimension * axis })),
    )
  })
}

/** The three estimators on the same S; the two that see noisy points alone are given as many. */
function estimates(setting: Setting, config: MixtureConfig, repetition: number, seed: number): StudyTask[] {
  const { dimension: d, noiseStd, truncated, samples: n, truth } = setting
  const drawnFrom = { dimension: d, spread: config.spread, truncated }
  const place = {
    part: 'samples',
    dimension: d,
    noise_std: noiseStd,
    truncated,
    samples: n,
    repetition,
    truth,
  } as const
  const what = `d = ${d}, noise ${noiseStd}${truncated ? ', truncated' : ''}, n = ${n}`
  const rival = (estimator: string, steps: number, estimate: typeof kernelDensity | typeof kozachenkoLeonenko) =>
    task(`${what}: ${estimator}`, repetition, estimator, steps, async () => {
      const points = noisyCubeMixture(drawnFrom, noiseStd, n, seed)
      const { value, se } = estimate(points)
      const none = { queries_per_sample: null, corrected: null, low: null, high: null, minimal_samples: null }
      return { ...place, ...none, estimator, value: finite(value), se, warnings: [] }
    })
  return [
    task(`${what}: sp`, repetition, `sp ${d}`, n * Math.max(n, config.queries), (machine) =>
      propagated(machine, place, cubeMixtureSamples(drawnFrom, n, seed).values, config.queries, seed),
    ),
    rival('kde', n * (n * (d + 1) + 512 * (d + 26)), kernelDensity),
    rival('kozachenko-leonenko', n * n * d, kozachenkoLeonenko),
  ]
}

type Place = Pick<MixtureRow, 'part' | 'dimension' | 'noise_std' | 'truncated' | 'samples' | 'repetition' | 'truth'>

async function propagated(machine: Machine, place: Place, s: Float64Array, queries: number, seed: number) {
  const { samples: count, dimension: width, noise_std: noiseStd } = place
  const { answer } = await entropy(machine, { count, width, s }, { noiseStd, queries, seed })
  return {
    ...{ ...place, estimator: 'sp', queries_per_sample: answer.queries / count, value: answer.h_t },
    ...{ corrected: answer.h_t_corrected, se: answer.h_t_se, low: answer.h_t_low, high: answer.h_t_high },
    ...{ minimal_samples: answer.minimal_samples, warnings: concerning(answer.warnings) },
  }
}

interface CornerSetting {
  dimension: number
  /** Queries of each corner. */
  each: number
  round: number
  repetition: number
  truth: number
  seed: number
}

/** All centres known, so that h(T) is the mixture's own: what error there is comes from the queries. */
function corners({ dimension, each, round, repetition, truth, seed }: CornerSetting, config: MixtureConfig): StudyTask {
  const count = 2 ** dimension
  const { noiseStd } = config.corners
  const steps = count * count * each
  return task(
    `corners, d = ${dimension}, ${each} queries each`,
    round,
    `corners ${dimension}`,
    steps,
    async (machine) => {
      const { values: s } = cubeCorners(dimension)
      const samples = {
        count,
        width: dimension,
        s,
        x: Uint32Array.from({ length: count }, (_, i) => i),
        y: null,
        weights: null,
      }
      const options = { noiseStd, inputs: 'all', batches: 2, queries: count * each, seed } as const
      const answer = await estimateInformation(machine, samples, options)
      return {
        ...{ part: 'corners', dimension, noise_std: noiseStd, truncated: null, samples: count, repetition, truth },
        ...{ estimator: 'sp', queries_per_sample: answer.queries / count, value: answer.h_t },
        ...{ corrected: answer.h_t_corrected, se: answer.h_t_se, low: answer.h_t_low, high: answer.h_t_high },
        ...{ minimal_samples: null, warnings: concerning(answer.warnings) },
      }
    },
  )
}

function task(
  what: string,
  round: number,
  kind: string,
  steps: number,
  estimate: (machine: Machine) => Promise<Omit<MixtureRow, 'seconds'>>,
): StudyTask {
  const run = async (machine: Machine) => {
    const start = performance.now()
    const row = await estimate(machine)
    return [{ ...row, seconds: (performance.now() - start) / 1000 } satisfies MixtureRow]
  }
  return { what, round, kind, steps, run }
}

function finite(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value
}

/** METHOD 2.3: how many samples theory asks for, at least. */
function necessary({ dimensions, noiseStds }: MixtureConfig): string {
  const numbers = noiseStds.map((beta) => {
    const each = dimensions.map((d) => `${readable(minimalSamples(d, beta))} (d = ${d})`)
    return `noise ${beta}: ${each.join(', ')}`
  })
  return wrapped(
    `samples below which some mixture on the cube leaves a bias of 0.1 nats: ${numbers.join('; ')}`,
    110,
    2,
  )
}

function readable(n: number): string {
  return n < 10_000 ? String(n) : n.toExponential(1).replace('e+', 'e')
}
