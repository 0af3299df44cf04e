/** What is known of a run at a glance, and what came of it in one line. */
import { basename } from 'node:path'
import { counted, duration, fixed, percent, withMargin } from '../report/numbers.js'
import { seedSummaries, type SeedSummary } from '../report/seed-summary.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import type { FoundRun } from './found-run.js'

export interface Facts {
  folder: string
  /** As in run.json; `damaged` without one. A run that was killed says `running`. */
  status: 'running' | 'finished' | 'interrupted' | 'failed' | 'damaged'
  title: string | null
  experiment: string | null
  mode: string | null
  seeds: number[]
  /** To be trained. */
  epochs: number | null
  adapter: string | null
  /** ISO 8601. */
  started: string | null
  /** Wall-clock; of one that goes on or was killed until it last wrote something. */
  seconds: number | null
  outcome: string
}

export function factsOf(run: FoundRun): Facts {
  const { record, folder } = run
  const configuration = groupOf(record?.configuration)
  const { seeds, seed } = configuration
  const numbers = (Array.isArray(seeds) ? seeds : [seed]).filter((one) => typeof one === 'number')
  const epochs = groupOf(configuration.training).epochs
  return {
    ...{ folder, status: record?.status ?? (run.tables.length > 0 ? 'damaged' : 'finished') },
    title: textOf(record?.title),
    experiment: textOf(configuration.experiment) ?? textOf(groupOf(record).experiment),
    mode: textOf(record?.mode),
    seeds: numbers,
    epochs: typeof epochs === 'number' ? epochs : null,
    adapter: textOf(groupOf(record?.adapter).name),
    started: textOf(record?.started),
    seconds: secondsOf(run),
    outcome: outcomeOf(run),
  }
}

const groupOf = (value: unknown) =>
  (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
const textOf = (value: unknown) => (typeof value === 'string' ? value : null)

function secondsOf({ record, lastWritten }: FoundRun): number | null {
  const started = Date.parse(String(record?.started))
  const ended = record?.ended === undefined ? lastWritten : Date.parse(String(record.ended))
  return Number.isFinite(started) && ended >= started ? (ended - started) / 1000 : null
}

/** Of a run that broke off, what it says of that; then what the deepest layer with an estimate did, or how well it was trained. */
function outcomeOf(run: FoundRun): string {
  const error = run.record?.status === 'failed' ? `${textOf(run.record.error) ?? 'no reason is recorded'};` : ''
  return [error, statusText(run), contents(run)].filter(Boolean).join(' ')
}

function statusText({ record, lastWritten }: FoundRun): string {
  if (record?.status !== 'running') return ''
  if (lastWritten === 0) return 'goes on, or was killed;'
  return `goes on, or was killed: last written ${duration(Math.max(0, Date.now() - lastWritten) / 1000)} ago;`
}

function contents(run: FoundRun): string {
  if (run.inner.length > 0)
    return `${counted(run.inner.length, 'run')} inside: ${run.inner.map((one) => basename(one)).join(', ')}`
  const deepest = seedSummaries(run.rows<InformationRow>('information')).findLast(({ curves }) => curves.length > 0)
  if (deepest) return informationText(deepest)
  const last = run.rows<TrainingRow>('training').at(-1)
  if (last) return `no estimate of I(X;T); test accuracy ${percent(last.test_accuracy)} after epoch ${last.epoch}`
  const rows = run.tables.map(({ name }) => `${counted(run.rows(name).length, 'row')} of ${name}`)
  return rows.length === 0 ? 'no table' : rows.join(', ')
}

function informationText({ layer, curves, falls, paired, compressed }: SeedSummary): string {
  const name = `I(X;T) of layer ${layer}`
  const [fall] = falls
  if (curves.every((curve) => curve.length === 1))
    return `${name} is ${fixed(curves[0][0].mi_corrected, 2)} nats, measured once`
  if (falls.length > 1) {
    const below = withMargin(paired.value, paired.half, 2)
    return `${name} fell ${below} nats from its highest: compression in ${compressed} of ${counted(falls.length, 'seed')}`
  }
  if (fall.value === 0) return `${name} ended at its highest, ${fixed(fall.last.mi_corrected, 2)} nats: no compression`
  const below = withMargin(fall.value, fall.high - fall.value, 2)
  return `${name} fell ${below} nats from its highest: ${compressed ? 'compression' : 'too little to call compression'}`
}
