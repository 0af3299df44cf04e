/** What was run, on what, how long, with which command: as run.json says it. */
import { configValue } from './config-value.js'
import { duration, ranges } from './numbers.js'
import type { StoredRun } from './stored-run.js'

/** Names and words, those that are known. */
export function runFacts({ folder, record, configuration, tables }: StoredRun): [name: string, words: string][] {
  const { adapter, seconds, versions } = record
  const seeds = [...new Set(tables.training.map(({ seed }) => seed))]
  const epochs = tables.training.map(({ epoch }) => epoch)
  const last = epochs.reduce((high, epoch) => Math.max(high, epoch), 0)
  const facts: [string, string | null][] = [
    ['folder', folder],
    ['status', textOf(record.status) === 'running' ? 'running, or killed' : textOf(record.status)],
    [
      'experiment',
      [textOf(configuration.experiment), textOf(configuration.variant), textOf(configuration.mode)]
        .filter(Boolean)
        .join(', '),
    ],
    ['seeds', seeds.length > 0 ? ranges(seeds) : null],
    ['epochs', epochs.length > 0 ? String(last) : null],
    ['network', networkOf(configuration)],
    ['noise', textOf(configValue(configuration, 'noise.std'))],
    ['sampling', samplingOf(configuration)],
    [
      'adapter',
      [configValue(adapter, 'name'), configValue(adapter, 'kind'), configValue(adapter, 'from')]
        .map(textOf)
        .filter(Boolean)
        .join(', '),
    ],
    ['took', timeOf(seconds)],
    ['started', textOf(record.started)],
    ['versions', pairs(versions)],
    ['commit', textOf(record.git_commit)],
    ['error', textOf(record.error)],
    ['command', textOf(record.command)],
    ['to repeat it', textOf(record.reproduce)],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '')
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : null)

function networkOf(configuration: Record<string, unknown>): string | null {
  const layers = configValue(configuration, 'network.layers')
  if (!Array.isArray(layers)) return null
  return layers
    .map((layer) =>
      [
        configValue(layer, 'type'),
        configValue(layer, 'width') ?? configValue(layer, 'channels'),
        configValue(layer, 'activation'),
      ]
        .map(textOf)
        .filter(Boolean)
        .join(' '),
    )
    .join(' - ')
}

function samplingOf(configuration: Record<string, unknown>): string | null {
  const names = ['replicas', 'ownReplicas', 'batches', 'queries']
  const told = names.map((name) => [textOf(configValue(configuration, `measurement.${name}`)), name])
  return told.flatMap(([value, name]) => (value === null ? [] : [`${value} ${name}`])).join(', ')
}

/** All phases together, then each. */
function timeOf(seconds: unknown): string | null {
  const phases = Object.entries(seconds ?? {}).filter((phase): phase is [string, number] => Number.isFinite(phase[1]))
  if (phases.length === 0) return null
  const all = phases.reduce((sum, [, time]) => sum + time, 0)
  return `${duration(all)}: ${phases.map(([name, time]) => `${name} ${duration(time)}`).join(', ')}`
}

const pairs = (value: unknown) =>
  Object.entries(value ?? {})
    .filter(([, inner]) => textOf(inner) !== null)
    .map(([key, inner]) => `${key} ${inner}`)
    .join(', ')
