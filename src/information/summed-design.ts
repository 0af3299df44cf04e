/** A design's kernel sums: queries drawn, summed over their own input and over the others, and put together for the jackknife. */
import type { Machine } from '../plan.js'
import { Summation, type Bounds, type Centers, type Queries, type Summed } from '../summation/summation.js'
import { amplification, boundsFor, certificateOf, type Amplification } from './certificate.js'
import { boundingWeights } from './control-variate.js'
import { designCenters, designQueries, hasFixed, type CenterDesign, type Columns, type QueryDesign } from './design.js'
import type { Grouping } from './grouping.js'
import { drawNoise, gathered, mirror, noiseEnergies, type HostSamples } from './host-samples.js'
import type { KernelSums } from './kernel-sums.js'
import { tileRounding } from './rounding.js'

export interface DesignSetup {
  grouping: Grouping
  host: HostSamples
  width: number
  noiseStd: number
  columns: Columns
  /** R. */
  replicas: number
  /** Queries a round, about. */
  wanted: number
  certificate: number
  seed: number
}

/** Some rounds of queries with their sums, and how much these may lack (nats, of the corrected mi). */
export interface DesignSums {
  sums: KernelSums
  certificate: number
}

/** One round: bounds on what was skipped of each query, in units of its own center's weight, and on the moments. */
interface Round {
  sums: KernelSums
  skipped: Float64Array
  remainder: number
}

/** Draws rounds of queries against the same centers. */
export class Design {
  readonly #setup: DesignSetup
  readonly #others: Summation
  readonly #own: Summation | null
  readonly #shared: CenterDesign
  readonly #ownCenters: CenterDesign
  readonly #fixed: boolean
  readonly queries: QueryDesign
  readonly #sharedPoints: Centers
  readonly #ownPoints: Centers
  #noise: Float32Array | null = null
  #rounds: Round[] = []

  private constructor(setup: DesignSetup, plan: DesignPlan, others: Summation, own: Summation | null) {
    const across = setup.columns.are
    this.#setup = setup
    this.#others = others
    this.#own = own
    this.#shared = plan.shared
    this.#ownCenters = plan.own
    this.#fixed = plan.fixed
    this.queries = plan.queries
    const inputOf = inputsOfRows(setup.grouping)
    this.#sharedPoints = centersOf(setup, plan.shared, inputOf, across !== 'queries')
    this.#ownPoints = centersOf(setup, plan.own, inputOf, across === 'batches')
  }

  static async create(machine: Machine, setup: DesignSetup): Promise<Design> {
    const { grouping, host, width, columns, noiseStd } = setup
    const plan = planOf(setup)
    const across = columns.are === 'queries' ? 1 : columns.count + (plan.fixed ? 1 : 0)
    const shape = { dimension: width, split: host.split, queries: plan.queries.row.length }
    const others = await Summation.create(
      machine,
      {
        ...{ ...shape, name: `design.${columns.are}.others`, columns: across, centers: plan.shared.row.length },
        ...{ weighted: !plan.shared.equal, others: true, labelled: grouping.label !== null },
      },
      noiseStd,
    )
    if (grouping.determined) return new Design(setup, plan, others, null)
    const own = await Summation.create(
      machine,
      {
        ...{ ...shape, name: `design.${columns.are}.own`, columns: columns.are === 'batches' ? across : 1 },
        ...{ centers: plan.own.row.length, weighted: true, others: false, labelled: false },
      },
      noiseStd,
    )
    return new Design(setup, plan, others, own)
  }

  release(): void {
    this.#others.release()
    this.#own?.release()
  }

  get centers(): number {
    return this.#shared.row.length
  }

  /** One round more; returns all so far. */
  async draw(): Promise<DesignSums> {
    const noise = this.#nextNoise()
    this.#noise = null
    this.#rounds.push(await this.#sum(noise))
    const { sums, skipped, remainder } = joined(this.#rounds)
    const certificate = certificateOf(this.#bounds().amplified, skipped, remainder, boundingWeights(sums))
    return { sums, certificate }
  }

  /** About how many seconds a round will take. */
  predict(): number {
    const points = this.#points(this.#nextNoise())
    const { bounds } = this.#bounds()
    const others = this.#others.predict(this.#sharedPoints, points, bounds)
    return others + (this.#own?.predict(this.#ownPoints, points, bounds) ?? 0)
  }

  /** The noise of the next round, drawn once. */
  #nextNoise(): Float32Array {
    const { width, noiseStd, seed } = this.#setup
    const { row, mirrored } = this.queries
    this.#noise ??= mirror(drawNoise(row.length, width, noiseStd, seed, this.#rounds.length), width, mirrored)
    return this.#noise
  }

  #bounds(): { amplified: Amplification; bounds: Bounds } {
    const { columns, noiseStd, certificate } = this.#setup
    const amplified = amplification(columns.are === 'queries' ? 1 : columns.count, this.#ownRatio())
    const weights = { ownWeight: this.#leastOwnWeight(), total: this.#shared.row.length }
    return { amplified, bounds: boundsFor(noiseStd, certificate / 2, amplified, weights) }
  }

  async #sum(noise: Float32Array): Promise<Round> {
    const { grouping, columns, noiseStd, width } = this.#setup
    const { bounds } = this.#bounds()
    const points = this.#points(noise)
    const others = await this.#others.sum(this.#sharedPoints, points, bounds)
    const own = this.#own ? await this.#own.sum(this.#ownPoints, points, bounds) : null
    const { input, weight, mirrored } = this.queries
    const count = input.length
    const ownUnits = Float64Array.from(input, (x) => this.#ownCenters.row.length * grouping.probability[x])
    const otherUnits = Float64Array.from(input, (x) => this.#shared.row.length * grouping.probability[x])
    const energies = noiseEnergies(noise, width, noiseStd)
    const sums: KernelSums = {
      ...{ count, columns: columns.count, columnsAre: columns.are, dimension: width, noiseStd },
      ...this.#parted(others, own, otherUnits, ownUnits),
      taken: others.taken.map((sum, q) => sum / otherUnits[q]),
      ...{ input, column: this.queries.column, weight, mirrored, ownKnown: grouping.determined, noiseEnergy: energies },
      logPrior: Float64Array.from(input, (x) => Math.log(grouping.probability[x])),
      label: grouping.label === null ? null : Uint32Array.from(input, (x) => grouping.label![x]),
      ...masses(grouping, columns),
      ownRounding: own ? tileRounding(width, own.additions) : 0,
      othersRounding: tileRounding(width, others.additions),
    }
    const lost = Float64Array.from(others.skipped, (bound, q) => bound / otherUnits[q])
    own?.skipped.forEach((bound, q) => (lost[q] += bound / ownUnits[q]))
    const least = Float64Array.from(input, (x) => this.#leastShare(x))
    const skipped = lost.map((bound, q) => bound / least[q])
    return { sums, skipped, remainder: others.remainder + (own?.remainder ?? 0) }
  }

  /** Sums in means, `fixed` apart: the column behind the batches. */
  #parted(others: Summed, own: Summed | null, otherUnits: Float64Array, ownUnits: Float64Array) {
    const { columns } = this.#setup
    const count = otherUnits.length
    const labelled = this.#setup.grouping.label !== null
    const rows = columns.are === 'queries' ? 1 : columns.count
    const [across, ownAcross] = [
      rows + (this.#fixed ? 1 : 0),
      columns.are === 'batches' ? rows + (this.#fixed ? 1 : 0) : 1,
    ]
    const ownRows = columns.are === 'batches' ? rows : 1
    const parted = {
      own: new Float64Array(count * ownRows).fill(own ? 0 : 1),
      others: new Float64Array(count * rows * 2),
      fixed: this.#fixed ? new Float64Array(count * 3) : null,
    }
    for (let q = 0; q < count; q++) {
      for (let b = 0; b < across; b++) {
        const [into, at] = b < rows ? [parted.others, (q * rows + b) * 2] : [parted.fixed!, 3 * q + 1]
        const [same, rest] = labelled ? [0, 1] : [1, 0]
        const kinds = labelled ? 2 : 1
        if (labelled) into[at] = others.sums[(q * across + b) * kinds + same] / otherUnits[q]
        into[at + 1] = others.sums[(q * across + b) * kinds + rest] / otherUnits[q]
      }
      for (let b = 0; own && b < ownAcross; b++) {
        const value = own.sums[q * ownAcross + b] / ownUnits[q]
        if (b < ownRows) parted.own[q * ownRows + b] = value
        else parted.fixed![3 * q] = value
      }
    }
    return parted
  }

  #points(noise: Float32Array): Queries {
    const { host, width, grouping } = this.#setup
    const { row, input } = this.queries
    const label = grouping.label === null ? null : Uint32Array.from(input, (x) => grouping.label![x])
    return { count: row.length, coordinates: gathered(host.s, width, row), noise, input, label }
  }

  #ownSize(x: number): number {
    const { starts, determined } = this.#setup.grouping
    return determined ? 1 : starts[x + 1] - starts[x]
  }

  /** The least that a sample of x counts in the mean over x. */
  #leastShare(x: number): number {
    const { columns } = this.#setup
    const size = this.#ownSize(x)
    if (columns.are !== 'batches' || size < columns.count) return 1 / size
    return 1 / (columns.count * Math.ceil(size / columns.count))
  }

  /** How much more a shared sample of x counts among the shared ones than among all of x, at most: K / R. */
  #ownRatio(): number {
    const { grouping, replicas } = this.#setup
    let most = 1
    for (let x = 0; x < grouping.inputs; x++)
      most = Math.max(most, 1 / (this.#leastShare(x) * Math.min(replicas, this.#ownSize(x))))
    return 2 * most
  }

  /** The least that a query's own center weighs among the shared ones, whose weights add up to their number. */
  #leastOwnWeight(): number {
    const { grouping } = this.#setup
    let least = Infinity
    for (let x = 0; x < grouping.inputs; x++) {
      if (grouping.probability[x] > 0) least = Math.min(least, grouping.probability[x] * this.#leastShare(x))
    }
    return this.#shared.row.length * least
  }
}

/** Who is center of what, and where queries stand. */
interface DesignPlan {
  shared: CenterDesign
  own: CenterDesign
  /** Whether some input has fewer centers than there are batches. */
  fixed: boolean
  queries: QueryDesign
}

/** In groups, too, an input's own samples all belong together. */
function planOf({ grouping, columns, replicas, wanted }: DesignSetup): DesignPlan {
  return {
    shared: designCenters(grouping, columns, replicas),
    own: designCenters(grouping, columns, Infinity),
    fixed: hasFixed(grouping, columns, replicas),
    queries: designQueries(grouping, columns, wanted),
  }
}

/** The centers as a summation takes them; not `inColumns`: all in one. */
function centersOf(
  { host, width, grouping }: DesignSetup,
  { row, column, weight, equal }: CenterDesign,
  inputOf: Uint32Array,
  inColumns: boolean,
): Centers {
  const input = Uint32Array.from(row, (r) => inputOf[r])
  const label = grouping.label === null ? null : Uint32Array.from(input, (x) => grouping.label![x])
  const coordinates = gathered(host.s, width, row)
  return {
    ...{ count: row.length, coordinates, input, label },
    column: inColumns ? column : null,
    weight: equal ? null : weight,
  }
}

/** The rounds' queries side by side, each round with its part of the weight. */
function joined(rounds: readonly Round[]): Round {
  if (rounds.length === 1) return rounds[0]
  const all = rounds.map(({ sums }) => sums)
  const floats = (key: 'own' | 'others' | 'taken' | 'logPrior' | 'noiseEnergy' | 'weight') => {
    const out = new Float64Array(all.reduce((length, sums) => length + sums[key]!.length, 0))
    let at = 0
    for (const sums of all) {
      out.set(sums[key]!, at)
      at += sums[key]!.length
    }
    return out
  }
  const first = all[0]
  const repeat = <T extends Uint8Array | Uint32Array | Float64Array>(values: T): T => {
    const out = new (values.constructor as Float64ArrayConstructor)(values.length * all.length) as unknown as T
    all.forEach((_, i) => out.set(values, i * values.length))
    return out
  }
  const fixed = first.fixed === null ? null : Float64Array.from(all.flatMap((sums) => Array.from(sums.fixed!)))
  const sums: KernelSums = {
    ...first,
    count: first.count * all.length,
    ...{ own: floats('own'), others: floats('others'), taken: floats('taken'), logPrior: floats('logPrior'), fixed },
    noiseEnergy: floats('noiseEnergy'),
    weight: floats('weight').map((w) => w / all.length),
    input: repeat(first.input),
    column: repeat(first.column),
    mirrored: repeat(first.mirrored!),
    label: first.label === null ? null : repeat(first.label),
  }
  const skipped = Float64Array.from(rounds.flatMap((round) => Array.from(round.skipped)))
  return { sums, skipped, remainder: Math.max(...rounds.map(({ remainder }) => remainder)) }
}

function inputsOfRows({ inputs, starts, rows }: Grouping): Uint32Array {
  const inputOf = new Uint32Array(rows.length)
  for (let x = 0; x < inputs; x++) for (let i = starts[x]; i < starts[x + 1]; i++) inputOf[rows[i]] = x
  return inputOf
}

/** P(label) and p of each group, or of all inputs together. */
function masses(
  { inputs, label, probability }: Grouping,
  columns: Columns,
): Pick<KernelSums, 'labelMass' | 'groupMass'> {
  const groups = columns.are === 'groups' ? columns.count : 1
  const groupOf = (x: number) => (columns.are === 'groups' ? columns.of[x] : 0)
  const groupMass = new Float64Array(groups)
  const classes = label === null ? 0 : label.reduce((most, y) => Math.max(most, y + 1), 0)
  const labelMass = Array.from({ length: groups }, () => new Float64Array(classes))
  for (let x = 0; x < inputs; x++) {
    groupMass[groupOf(x)] += probability[x]
    if (label !== null) labelMass[groupOf(x)][label[x]] += probability[x]
  }
  return { labelMass, groupMass: columns.are === 'groups' ? groupMass : null }
}
