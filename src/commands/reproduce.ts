/**
 * The command that repeats a run exactly. A calibration may pick otherwise on another day, so every picked value is in
 * it, and every other one that is not the experiment's own.
 */
import type { ExperimentDefinition } from '../experiments/definition.js'
import { seedText } from '../experiments/seeds.js'
import { applyMode, type SettledConfig } from '../experiments/settle.js'
import { defaultsOf } from '../experiments/variant.js'
import { runOptions } from './run-options.js'
import { shellCommand } from './shell.js'

/** `adapter` is the full name of the one in use: another one rounds differently. */
export function reproduceCommand(settled: SettledConfig, definition: ExperimentDefinition, adapter: string): string {
  const defaults = defaultsOf(definition, settled.variant)
  const own = applyMode({ ...defaults, network: settled.network }, definition)
  const { network } = defaults
  const ownLeaves = new Map(leaves({ ...own, network }).map(([key, value]) => [key, JSON.stringify(value)]))
  const { weights } = definition
  const said = weights ? { ...settled, noise: { std: weights.trainedNoise } } : settled
  const words = leaves({ ...said, adapter })
    .filter(([key, value]) => key === 'seeds' || key === 'variant' || ownLeaves.get(key) !== JSON.stringify(value))
    .filter(([key]) => key !== 'mode' && !(key === 'measurement.count' && settled.measurement.epochs))
    .filter(([key]) => !weights || !saidByWeights.includes(key))
    .flatMap(([key, value]) => optionOrSet(key, value))
  const mode = settled.mode === 'full' ? ['--full'] : []
  const command = weights ? ['measure', settled.experiment, ...weights.words] : ['run', settled.experiment]
  return shellCommand(['infoflow', ...command, ...mode, ...words])
}

const saidByWeights = ['training.epochs', 'measurement.epochs', 'measurement.count']

function optionOrSet(key: string, value: unknown): string[] {
  const text = typeof value === 'string' ? value : key === 'seeds' ? seedText(value as number[]) : JSON.stringify(value)
  const option = Object.entries(runOptions).find(([, known]) => known.key === key)
  if (!option) return ['--set', `${key}=${text}`]
  const [name, { switch: isSwitch }] = option
  if (isSwitch) return [value ? `--${name}` : `--no-${name}`]
  return [`--${name}`, text]
}

/** Dotted keys with their values; a list is one value. */
export function leaves(group: object, prefix = ''): [key: string, value: unknown][] {
  return Object.entries(group).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value, `${prefix}${key}.`)
      : value === undefined
        ? []
        : [[`${prefix}${key}`, value] satisfies [string, unknown]],
  )
}
