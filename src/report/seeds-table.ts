/**
 * The closing table of several seeds, 80 columns wide: one row a layer, at the first measurement, at each seed's highest
 * and at the last; then the fall from highest to last, paired and unpaired; then what the intervals cover.
 */
import { tInterval } from '../math/intervals.js'
import { studentTQuantile } from '../math/statistics.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { groupedBy } from './grouped.js'
import { counted, fixed, withMargin, wrapped } from './numbers.js'
import { mostlyTooFewReplicas, seedSummaries, type SeedSummary } from './seed-summary.js'

/** I(X;T_l) over seeds as text; '' without rows. */
export function seedsTable(rows: InformationRow[]): string {
  if (rows.length === 0) return ''
  const seeds = new Set(rows.map((row) => row.seed)).size
  const layers = seedSummaries(rows)
  const values = [
    columns(`I(X;T_l), ${counted(seeds, 'seed')} [nats]`, ['first', 'highest', 'last']),
    ...layers.map(valueLine),
  ]
  const moved = layers.some(({ curves }) => curves.some((curve) => curve.length > 1))
  const heading = columns('fall, highest to last', ['paired', 'unpaired', 'compression in'])
  const falls = moved ? ['', heading, ...layers.map(fallLine)] : []
  return [...values, ...falls, '', ...notes(layers, seeds, moved)].join('\n')
}

/** Losses and accuracies of each seed's last evaluation, as means over seeds; '' without rows. */
export function seedsTrainingLines(rows: TrainingRow[]): string {
  if (rows.length === 0) return ''
  const last = [...groupedBy(rows, (row) => row.seed).values()].map((own) =>
    own.reduce((latest, row) => (row.epoch >= latest.epoch ? row : latest)),
  )
  const when = `After ${epochs(last.map((row) => row.epoch))}, noise off, mean of ${counted(last.length, 'seed')}`
  const loss = `loss ${meanOf(last, 'train_loss', 1, 4)} nats on the training set`
  const accuracy = `accuracy ${meanOf(last, 'train_accuracy', 100, 1)} %`
  if (last.every((row) => row.test_loss === null && row.test_accuracy === null))
    return wrapped(`${when}: ${loss}; ${accuracy}. There is no test set.`)
  const [testLoss, testAccuracy] = [meanOf(last, 'test_loss', 1, 4), meanOf(last, 'test_accuracy', 100, 1)]
  return wrapped(`${when}: ${loss}, ${testLoss} nats on the test set; ${accuracy} and ${testAccuracy} %.`)
}

function valueLine(summary: SeedSummary): string {
  const { curves, falls, first, highest, last } = summary
  return layerLine(summary, [
    marked(withMargin(first.value, first.half, 3), [curves.map((curve) => curve[0])]),
    marked(withMargin(highest.value, highest.half, 3), [falls.map((fall) => fall.highest)]),
    marked(withMargin(last.value, last.half, 3), [falls.map((fall) => fall.last)]),
  ])
}

function fallLine(summary: SeedSummary): string {
  const { falls, paired, unpaired, compressed } = summary
  const ends = [falls.map((fall) => fall.highest), falls.map((fall) => fall.last)]
  return layerLine(summary, [
    marked(withMargin(paired.value, paired.half, 3), ends),
    marked(withMargin(unpaired.value, unpaired.half, 3), ends),
    `${compressed} of ${falls.length}`,
  ])
}

function layerLine({ layer, dimension, curves }: SeedSummary, cells: string[]): string {
  return columns(`layer ${layer} (${counted(dimension, 'neuron')})`, curves.length > 0 ? cells : ['no estimate'])
}

/** With a star where too few replicas are the rule, for one of the ends of a difference. */
function marked(text: string, ends: InformationRow[][]): string {
  return ends.some(mostlyTooFewReplicas) ? `${text}*` : text
}

/** The last place of a column is for stars. */
function columns(name: string, cells: string[]): string {
  const text = cells.map((cell) => (cell.endsWith('*') ? cell : `${cell} `).padStart(18)).join('')
  return `${name.padEnd(26)}${text}`.trimEnd()
}

function notes(layers: SeedSummary[], seeds: number, moved: boolean): string[] {
  const covered =
    'Means and 95 % t-intervals over seeds. They cover what differs between seeds: initialisation, order, split and ' +
    'noise of the training, and the sampling error of each estimate; not its bias.'
  const change =
    "highest: each seed's own. paired: within seeds; unpaired (Welch): as if highest and last were of other seeds. " +
    "compression: a fall of more than 0.1 nats, three standard errors and the seed's own interval."
  const rows = layers.flatMap(({ curves, falls }) => [
    curves.map((curve) => curve[0]),
    falls.map((fall) => fall.highest),
    falls.map((fall) => fall.last),
  ])
  const weak = rows.some(mostlyTooFewReplicas)
    ? ['* too few replicas (step ratio > 0.65) in more than half of the seeds: bias remains']
    : []
  const all = [...weak, covered, ...(moved ? [change] : []), ...gaps(layers, seeds), ...hint(seeds)]
  return all.map((text) => wrapped(text))
}

/** What must be known where seeds are not all alike: some without an estimate, or interrupted at different epochs. */
function gaps(layers: SeedSummary[], seeds: number): string[] {
  const missing = layers.filter(({ curves }) => curves.length > 0 && curves.length < seeds)
  const ends = layers.flatMap(({ falls }) => falls.map((fall) => fall.last.epoch))
  return [
    ...missing.map(({ layer, curves }) => `layer ${layer}: ${curves.length} of ${seeds} seeds have an estimate.`),
    ...(new Set(ends).size > 1 ? [`last: not the same in all seeds, ${epochs(ends)}.`] : []),
  ]
}

function hint(seeds: number): string[] {
  // one: its networks may be measured before the other ones, of a run that goes on
  if (seeds > 3 || seeds < 2) return []
  const reach = fixed(studentTQuantile(0.975, seeds - 1), 1)
  return [`${seeds} seeds make wide intervals (${reach} standard errors); more seeds narrow them: --seeds 0..9`]
}

function meanOf(rows: TrainingRow[], column: keyof TrainingRow, scale: number, digits: number): string {
  const values = rows.map((row) => row[column]).filter((value) => value !== null && Number.isFinite(value))
  const { value, half } = tInterval(values.map((each) => scale * each!))
  return withMargin(value, half, digits)
}

function epochs(values: number[]): string {
  const [first, last] = [Math.min(...values), Math.max(...values)]
  return first === last ? `epoch ${first}` : `epochs ${first} to ${last}`
}
