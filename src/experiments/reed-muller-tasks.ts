/** What a run of `reed-muller` computes: an estimate a task. The codes with all words come first, then rounds of sampled words. */
import { allCodewords, codeword, reedMuller, signals, type ReedMullerCode } from '../data/reed-muller.js'
import { InputError } from '../errors.js'
import type { InformationAnswer } from '../information/answer.js'
import { estimateInformation } from '../information/estimate.js'
import { constellationInformation } from '../math/quadrature.js'
import type { Machine } from '../plan.js'
import { noiseEntropy } from '../rivals/estimate.js'
import { kernelDensity } from '../rivals/kde.js'
import { kozachenkoLeonenko } from '../rivals/kozachenko-leonenko.js'
import { reedMullerSchema, type ReedMullerRow } from '../tables/study-schema.js'
import { draws } from '../validation/draws.js'
import type { ReedMullerConfig } from './reed-muller-config.js'
import { drawReedMuller, reedMullerSummary, toldOfWords } from './reed-muller-words.js'
import { seedsFrom } from './study-seeds.js'
import { concerning } from './study-warnings.js'
import type { Study, StudyTask } from './study.js'

/** log2 of the most words that are summed over. */
const mostSummed = 13

export function prepareReedMuller(config: ReedMullerConfig): Study {
  const codes = config.codes.map(([r, m]) => reedMuller(r, m))
  codes.forEach((code, i) => requireFew(code, `codes.${i}`))
  return {
    tasks: tasksOf(config, codes),
    schema: reedMullerSchema,
    head: codes.map(described),
    told: (rows, round) => toldOfWords(rows as ReedMullerRow[], round),
    draw: (rows, folder, heading) => drawReedMuller(rows as ReedMullerRow[], folder, heading),
    summary: (rows) => reedMullerSummary(rows as ReedMullerRow[]),
  }
}

function requireFew({ name, dimension }: ReedMullerCode, key: string): void {
  if (dimension <= mostSummed) return
  const expected = `expected at most 2^${mostSummed}: put it into sampled.codes`
  throw new InputError(`${key}: ${name} has 2^${dimension} words to sum over, ${expected}`)
}

function described({ name, length, dimension, distance }: ReedMullerCode): string {
  return `${name}: ${2 ** dimension} words of ${length} bits, at least ${distance} of them different`
}

function tasksOf({ seed, snrs, queries, sampled }: ReedMullerConfig, codes: readonly ReedMullerCode[]): StudyTask[] {
  const nextSeed = seedsFrom(seed)
  const tasks = codes.flatMap((code) => snrs.map((snr) => summed(code, snr, queries, nextSeed())))
  for (let repetition = 1; repetition <= sampled.repetitions; repetition++) {
    for (const [r, m] of sampled.codes) {
      for (const snr of sampled.snrs) {
        for (const n of sampled.samples) {
          tasks.push(...drawn({ code: reedMuller(r, m), snr, n, repetition, queries, seed: nextSeed() }))
        }
      }
    }
  }
  return tasks
}

/** Every word once: what error there is comes from the queries. */
function summed(code: ReedMullerCode, snr: number, queries: number, seed: number): StudyTask {
  const count = 2 ** code.dimension
  // two for each word and column: pairs, whose error is far smaller
  const asked = Math.max(queries, 32 * count)
  return task(`${code.name}, ${snr} dB, all words`, 1, `all ${code.name}`, count * asked, async (machine) => {
    const s = signals(allCodewords(code))
    const samples = {
      count,
      width: code.length,
      s,
      x: Uint32Array.from({ length: count }, (_, i) => i),
      y: null,
      weights: null,
    }
    const options = { noiseStd: noiseOf(snr), inputs: 'all', queries: asked, seed } as const
    const answer = await estimateInformation(machine, samples, options)
    return { ...place(code, snr, 'all words', count, 1), ...said(answer) }
  })
}

interface Drawn {
  code: ReedMullerCode
  snr: number
  n: number
  repetition: number
  queries: number
  seed: number
}

/** The three estimators on the same n words; the two that see noisy points alone are given as many. */
function drawn({ code, snr, n, repetition, queries, seed }: Drawn): StudyTask[] {
  const [d, noiseStd] = [code.length, noiseOf(snr)]
  const what = `${code.name}, ${snr} dB, ${n} words drawn`
  const at = place(code, snr, 'sampled', n, repetition)
  const rival = (estimator: string, steps: number, estimate: typeof kernelDensity | typeof kozachenkoLeonenko) =>
    task(`${what}: ${estimator}`, repetition + 1, estimator, steps, async () => {
      const { s, normal } = drawnWords(code, n, seed)
      const { value, se } = estimate({ count: n, width: d, values: s.map((one) => one + noiseStd * normal()) })
      const known = value !== null && Number.isFinite(value)
      const none = { mi_corrected: null, low: null, high: null, warnings: [] }
      return {
        ...at,
        ...none,
        estimator,
        mi: known ? value - noiseEntropy(d, noiseStd) : null,
        h_t: known ? value : null,
        se,
      }
    })
  return [
    task(`${what}: sp`, repetition + 1, `sp ${d}`, n * Math.max(n, queries), async (machine) => {
      const { s } = drawnWords(code, n, seed)
      const samples = { count: n, width: d, s, x: null, y: null, weights: null }
      return { ...at, ...said(await estimateInformation(machine, samples, { noiseStd, queries, seed })) }
    }),
    rival('kde', n * (n * (d + 1) + 512 * (d + 26)), kernelDensity),
    rival('kozachenko-leonenko', n * n * d, kozachenkoLeonenko),
  ]
}

/** n words, independent and uniform, as signals; `normal` goes on with the same stream. */
function drawnWords(code: ReedMullerCode, n: number, seed: number): { s: Float64Array; normal: () => number } {
  const { uniform, normal } = draws(seed)
  return { s: signals(Array.from({ length: n }, () => codeword(code, () => uniform() < 0.5))), normal }
}

function said(answer: InformationAnswer) {
  return {
    ...{ estimator: 'sp', mi: answer.mi, mi_corrected: answer.mi_corrected, h_t: answer.h_t_corrected },
    ...{ se: answer.mi_se, low: answer.mi_low, high: answer.mi_high, warnings: concerning(answer.warnings) },
  }
}

function place(
  code: ReedMullerCode,
  snr: number,
  regime: ReedMullerRow['regime'],
  samples: number,
  repetition: number,
) {
  const [d, noiseStd] = [code.length, noiseOf(snr)]
  const one = (amplitude: number) => constellationInformation([-amplitude, amplitude], [0.5, 0.5], noiseStd).information
  return {
    ...{ order: code.order, variables: code.variables, code_dimension: code.dimension, regime },
    ...{ dimension: d, noise_std: noiseStd, snr_db: snr, samples, repetition },
    // all words of d bits are d free bits; the repetition code is one bit, d times
    truth: code.order === code.variables ? d * one(1) : code.order === 0 ? one(Math.sqrt(d)) : null,
    bound_words: code.dimension * Math.LN2,
    bound_gaussian: (d / 2) * Math.log1p(1 / noiseStd ** 2),
    bound_bpsk: d * one(1),
  }
}

function noiseOf(snr: number): number {
  return 10 ** (-snr / 20)
}

function task(
  what: string,
  round: number,
  kind: string,
  steps: number,
  estimate: (machine: Machine) => Promise<Omit<ReedMullerRow, 'seconds'>>,
): StudyTask {
  const run = async (machine: Machine) => {
    const start = performance.now()
    const row = await estimate(machine)
    return [{ ...row, seconds: (performance.now() - start) / 1000 } satisfies ReedMullerRow]
  }
  return { what, round, kind, steps, run }
}
