/**
 * What a sweep comes to: for each setting and layer, I(X;T) at the first measurement, at each seed's highest and at the last,
 * the fall from the one to the other, and losses and accuracies, over seeds. Gathered row by row while the tables are combined:
 * a few numbers a seed and layer are all that is kept.
 */
import { Uint32, Utf8, type RecordBatch } from 'apache-arrow'
import { tInterval } from '../math/intervals.js'
import { median } from '../math/statistics.js'
import { batchOfRows } from '../tables/batch.js'
import { diskError, writeAtomically } from '../tables/disk.js'
import { writeArrowFile } from '../tables/ipc.js'
import { column, real, schemaOf, type Column, type TableMetadata } from '../tables/schema.js'
import { sweptColumns, type Part } from './combined-table.js'
import type { Plan } from './plan.js'

const statisticTexts = {
  first: 'I(X;T) at the first measurement',
  highest: 'highest I(X;T) of each seed, at whatever epoch',
  last: 'I(X;T) at the last measurement',
  compression: 'highest minus last I(X;T) of each seed',
  test_accuracy: 'part of the test set classified rightly at the last evaluation, without noise',
  test_loss: 'mean loss over the test set at the last evaluation, without noise',
} as const
export type SummaryStatistic = keyof typeof statisticTexts

export interface SummaryRow {
  /** Index of the plan's settings. */
  setting: number
  condition: string | null
  /** Null for what is said of the whole network. */
  layer: number | null
  dimension: number | null
  statistic: SummaryStatistic
  unit: 'nats' | 'fraction'
  seeds: number
  median: number
  lowest: number
  highest: number
  mean: number
  /** 95 %, Student's t over seeds, around the mean; null of one seed. */
  low: number | null
  high: number | null
}

interface Curve {
  first: [epoch: number, value: number]
  highest: number
  last: [epoch: number, value: number]
}

interface Layer {
  layer: number
  dimension: number
  /** By seed. */
  curves: Map<number, Curve>
}

/** At the latest evaluation. */
interface Network {
  epoch: number
  accuracy: number | null
  loss: number | null
}

interface Cell {
  setting: number
  condition: string | null
  layers: Map<number, Layer>
  /** By seed. */
  networks: Map<number, Network>
}

export class Summary {
  readonly #plan: Plan
  readonly #cells = new Map<string, Cell>()

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** Rows of information.arrow; those without an estimate are passed over. */
  information(part: Part, batch: RecordBatch): void {
    const [seeds, epochs, layers, dimensions, values] = columns(
      batch,
      'seed',
      'epoch',
      'layer',
      'dimension',
      'mi_corrected',
    )
    const cell = this.#cell(part)
    for (let i = 0; i < batch.numRows; i++) {
      const value = values(i)
      if (value === null) continue
      const own = valueAt(cell.layers, layers(i)!, () => ({
        layer: layers(i)!,
        dimension: dimensions(i)!,
        curves: new Map(),
      }))
      const at: [number, number] = [epochs(i)!, value]
      const curve = valueAt(own.curves, seeds(i)!, () => ({ first: at, highest: value, last: at }))
      if (at[0] < curve.first[0]) curve.first = at
      if (at[0] >= curve.last[0]) curve.last = at
      curve.highest = Math.max(curve.highest, value)
    }
  }

  /** Rows of training.arrow. */
  training(part: Part, batch: RecordBatch): void {
    const [seeds, epochs, accuracies, losses] = columns(batch, 'seed', 'epoch', 'test_accuracy', 'test_loss')
    const { networks } = this.#cell(part)
    for (let i = 0; i < batch.numRows; i++) {
      const epoch = epochs(i)!
      if (epoch < (networks.get(seeds(i)!)?.epoch ?? 0)) continue
      networks.set(seeds(i)!, { epoch, accuracy: accuracies(i), loss: losses(i) })
    }
  }

  /** In the order of settings, conditions, layers; what no seed has a value for is left out. */
  rows(): SummaryRow[] {
    const cells = [...this.#cells.values()].sort((a, b) => a.setting - b.setting)
    return cells.flatMap((cell) => {
      const layers = [...cell.layers.values()].sort((a, b) => a.layer - b.layer)
      const figured = [...layers.flatMap(layerFigures), ...networkFigures([...cell.networks.values()])]
      return figured.flatMap(({ values, ...head }) => {
        const known = values.filter((value) => value !== null)
        const { setting, condition } = cell
        return known.length === 0 ? [] : [{ setting, condition, ...head, ...figures(known) }]
      })
    })
  }

  #cell({ task, condition }: Part): Cell {
    const { setting } = this.#plan.tasks[task]
    return valueAt(this.#cells, `${setting} ${condition ?? ''}`, () => ({
      setting,
      condition,
      layers: new Map(),
      networks: new Map(),
    }))
  }
}

/** The values of one statistic, one for each seed. */
interface Figured extends Pick<SummaryRow, 'layer' | 'dimension' | 'statistic' | 'unit'> {
  values: (number | null)[]
}

function layerFigures({ layer, dimension, curves }: Layer): Figured[] {
  const all = [...curves.values()]
  const of = (statistic: SummaryStatistic, value: (curve: Curve) => number): Figured => {
    return { layer, dimension, statistic, unit: 'nats', values: all.map(value) }
  }
  return [
    of('first', ({ first }) => first[1]),
    of('highest', ({ highest }) => highest),
    of('last', ({ last }) => last[1]),
    of('compression', ({ highest, last }) => highest - last[1]),
  ]
}

function networkFigures(networks: readonly Network[]): Figured[] {
  const of = (statistic: SummaryStatistic, unit: Figured['unit'], value: (network: Network) => number | null) => {
    return { layer: null, dimension: null, statistic, unit, values: networks.map(value) }
  }
  return [of('test_accuracy', 'fraction', ({ accuracy }) => accuracy), of('test_loss', 'nats', ({ loss }) => loss)]
}

function figures(
  values: readonly number[],
): Omit<SummaryRow, 'setting' | 'condition' | 'layer' | 'dimension' | 'statistic' | 'unit'> {
  const { value: mean, half } = tInterval(values)
  const [low, high] = Number.isFinite(half) ? [mean - half, mean + half] : [null, null]
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  return { seeds: values.length, median: median(values), lowest, highest, mean, low, high }
}

/** Readers of columns, by row; null where there is no finite number. */
function columns(batch: RecordBatch, ...names: string[]): ((row: number) => number | null)[] {
  return names.map((name) => {
    const values = batch.getChild(name)
    return (row) => {
      const value: unknown = values?.get(row)
      return typeof value === 'number' && Number.isFinite(value) ? value : null
    }
  })
}

function valueAt<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const old = map.get(key)
  if (old !== undefined) return old
  const made = make()
  map.set(key, made)
  return made
}

const statisticText = Object.entries(statisticTexts).map(([name, text]) => `${name}: ${text}`)

/** Of summary.arrow, less the swept keys, which stand behind `setting`. */
export const summaryColumns: Column[] = [
  column('setting', new Uint32(), 'index', 'setting of the sweep, from 0: one value for each swept key'),
  column('condition', new Utf8(), 'none', 'run inside the task, where it has several', true),
  column('layer', new Uint32(), 'index', 'layer, from 1; null for what is said of the network', true),
  column('dimension', new Uint32(), 'count', 'neurons of the layer', true),
  column('statistic', new Utf8(), 'none', statisticText.join('; ')),
  column('unit', new Utf8(), 'none', 'of the numbers: nats or fraction'),
  column('seeds', new Uint32(), 'count', 'seeds that have a value'),
  real('median', 'unit', 'over seeds'),
  real('lowest', 'unit', 'over seeds'),
  real('highest', 'unit', 'over seeds'),
  real('mean', 'unit', 'over seeds'),
  real('low', 'unit', "lower end of the 95 % interval around the mean, Student's t over seeds; null of one seed"),
  real('high', 'unit', 'upper end of the same'),
]

/** Writes summary.arrow, whole or not at all. Throws InputError where the disk refuses. */
export function writeSummary(path: string, plan: Plan, rows: readonly SummaryRow[], metadata: TableMetadata): void {
  const swept = sweptColumns(plan)
  const [setting, ...others] = summaryColumns
  const schema = schemaOf('summary', [setting, ...swept, ...others], metadata)
  const whole = rows.map((row) => ({
    ...row,
    ...Object.fromEntries(swept.map((one) => [one.name, one.of(plan.settings[row.setting])])),
  }))
  try {
    writeAtomically(path, (file) => writeArrowFile(file, schema, [batchOfRows(schema, whole)]))
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`)
  }
}
