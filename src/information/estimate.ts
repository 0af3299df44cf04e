/**
 * I(X;T), h(T) and what surrounds them, from anybody's samples of a layer. Which regime the samples are in decides what is left out in
 * turn: batches of queries (exact), batches of every input's samples (all), or groups of inputs (sample; METHOD 2.1).
 */
import { InputError } from '../errors.js'
import type { Machine } from '../plan.js'
import type { Samples } from '../samples/samples.js'
import { answerOf, deterministicAnswer } from './answer-row.js'
import type { EstimateOptions, InformationAnswer } from './answer.js'
import type { Asked, Part, Parts } from './parts.js'
import { batchesFor, groupsOf, type Columns } from './design.js'
import { groupByInput, type Grouping } from './grouping.js'
import { hostSamples } from './host-samples.js'
import { jackknife } from './jackknife.js'
import { queryError } from './query-error.js'
import { Design, type DesignSums } from './summed-design.js'

/** 1 / beta^2 must be an f32. */
const smallestNoise = 1e-18
/** Queries of one round, about. */
const roundQueries = 2 ** 15
/** Seconds from which a forecast is told. */
const longForecast = 600
/** Rounds that a tolerance may take. */
const mostRounds = 64

/**
 * I(X;T) of T = S + Z, Z ~ N(0, noiseStd^2 I), from samples of S (METHOD 2). Nats. With noiseStd 0 the answer says why there is no
 * estimate.
 * @throws InputError: fewer than two rows, numbers that are not finite, a noiseStd that is no number >= 0, labels or
 *   weights that differ within an input, batches that do not fit
 */
export async function estimateInformation(
  machine: Machine,
  samples: Samples,
  options: EstimateOptions,
): Promise<InformationAnswer> {
  const start = performance.now()
  check(samples, options)
  const grouping = groupByInput(samples)
  const seconds = () => (performance.now() - start) / 1000
  if (options.noiseStd === 0) return { ...deterministicAnswer(samples, grouping), seconds: seconds() }
  const about = { samples, grouping, options, host: hostSamples(samples, options.noiseStd) }
  const parts = await estimateParts(machine, about)
  return { ...answerOf(about, parts), seconds: seconds() }
}

/** h(T), nats, of T = S + Z from independent samples of S: regime `sample`, every row an input of its own. */
export async function entropy(
  machine: Machine,
  samples: Pick<Samples, 'count' | 'width' | 's'>,
  options: EstimateOptions,
): Promise<{ entropy: number; corrected: number; se: number; low: number; high: number; answer: InformationAnswer }> {
  const answer = await estimateInformation(machine, { ...samples, x: null, y: null, weights: null }, options)
  const { h_t, h_t_corrected, h_t_se, h_t_low, h_t_high } = answer
  return { entropy: h_t!, corrected: h_t_corrected!, se: h_t_se!, low: h_t_low!, high: h_t_high!, answer }
}

async function estimateParts(machine: Machine, asked: Asked): Promise<Parts> {
  const { grouping, options } = asked
  const { determined } = grouping
  if ((options.inputs ?? 'sample') === 'all') {
    const columns: Columns = {
      are: determined ? 'queries' : 'batches',
      count: options.batches ?? defaultBatches(grouping),
    }
    return draw(machine, asked, columns, null)
  }
  const groups = groupsOf(grouping.inputs, options.seed ?? 1)
  if (determined) return draw(machine, asked, groups, null)
  return draw(machine, asked, groups, { are: 'batches', count: options.batches ?? batchesFor(grouping) })
}

function defaultBatches(grouping: Grouping): number {
  return grouping.determined ? 16 : batchesFor(grouping)
}

/** Rounds of queries until the interval is narrow enough, or what remains is not theirs. */
async function draw(machine: Machine, asked: Asked, main: Columns, second: Columns | null): Promise<Parts> {
  const { tolerance } = asked.options
  // what may be left out is shared between the two
  const certificate = (asked.options.certificate ?? 1e-6) / (second ? 2 : 1)
  const designs = [await designFor(machine, asked, main, certificate)]
  if (second) designs.push(await designFor(machine, asked, second, certificate))
  try {
    const seconds = designs.reduce((sum, design) => sum + design.predict(), 0)
    if (seconds > longForecast) asked.options.forecast?.(seconds)
    for (let round = 1; ; round++) {
      const [first, replicas] = await drawAll(designs)
      const parts = {
        main: partOf(first, main),
        replicas: replicas ? partOf(replicas, second!) : null,
        queries: first.sums.count,
        centers: designs[0].centers,
      }
      const floor = tolerance === undefined ? null : reached(parts.main, tolerance, round)
      if (tolerance === undefined || floor !== 'more') return { ...parts, floor }
    }
  } finally {
    for (const design of designs) design.release()
  }
}

async function drawAll(designs: readonly Design[]): Promise<DesignSums[]> {
  const drawn: DesignSums[] = []
  for (const design of designs) drawn.push(await design.draw())
  return drawn
}

/** null: narrow enough; 'more': draw on; else why it will not become narrow enough. */
function reached({ estimates, queryError }: Part, tolerance: number, round: number): string | null {
  const { mi } = estimates
  const half = (mi.high - mi.low) / 2
  if (half <= tolerance) return null
  if (queryError < mi.se / 4) {
    return `the interval is +-${half.toPrecision(2)} nats, a floor that these samples set: more queries would not narrow it, more samples would`
  }
  if (round < mostRounds) return 'more'
  return `the interval is +-${half.toPrecision(2)} nats after ${mostRounds} rounds of queries: ask for a larger tolerance`
}

function partOf({ sums, certificate }: DesignSums, columns: Columns): Part {
  return { estimates: jackknife(sums), certificate, columns, queryError: queryError(sums) }
}

function designFor(
  machine: Machine,
  { samples, grouping, host, options }: Asked,
  columns: Columns,
  certificate: number,
): Promise<Design> {
  return Design.create(machine, {
    ...{ grouping, host, columns, width: samples.width, noiseStd: options.noiseStd },
    ...{ replicas: options.replicas ?? Infinity, wanted: options.queries ?? roundQueries },
    ...{ certificate, seed: options.seed ?? 1 },
  })
}

function check({ s, count, width, x }: Samples, options: EstimateOptions): void {
  const { noiseStd, batches, replicas, queries } = options
  if (!(noiseStd >= 0 && noiseStd < Infinity)) {
    throw new InputError(
      `noiseStd: ${noiseStd} is not a number >= 0: the standard deviation of the layer's own noise, in the units of s`,
    )
  }
  if (noiseStd > 0 && noiseStd < smallestNoise) {
    throw new InputError(
      `noiseStd: ${noiseStd} is below ${smallestNoise}, too small for the sums: give s and noiseStd in other units`,
    )
  }
  if (count < 2) throw new InputError(`s: ${count} row${count === 1 ? '' : 's'}, expected at least 2`)
  if (width < 1 || s.length !== count * width)
    throw new InputError(`s: ${s.length} numbers are not ${count} x ${width}`)
  if (x !== null && x.length !== count) throw new InputError(`x: ${x.length} numbers for ${count} rows`)
  const odd = s.findIndex((value) => !Number.isFinite(value))
  if (odd >= 0) {
    throw new InputError(
      `s: ${s[odd]} in row ${Math.floor(odd / width)}, component ${odd % width}: expected finite numbers`,
    )
  }
  if (batches !== undefined && !(Number.isInteger(batches) && batches >= 2 && batches <= 64)) {
    throw new InputError(`batches: ${batches} is not a whole number from 2 to 64`)
  }
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 1)) {
    throw new InputError(`replicas: ${replicas} is not a whole number >= 1`)
  }
  if (queries !== undefined && !(Number.isInteger(queries) && queries >= 1)) {
    throw new InputError(`queries: ${queries} is not a whole number >= 1`)
  }
}
