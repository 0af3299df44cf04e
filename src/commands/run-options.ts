/**
 * The options of `infoflow run`: those that stand for a key of the configuration, and those about files. Values come
 * from yargs as text, because its numbers turn 'abc' into NaN without a word; the configuration's schema checks them.
 */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import type { OptionValue, Sources } from '../experiments/read-config.js'

interface RunOption {
  /** The key of the configuration that the option stands for. */
  key?: string
  group: string
  describe: string
  switch?: boolean
  alias?: string
}

const length = 'How long:'
const sampling = 'How the information is estimated (picked to fit the adapter when not given):'
const place = 'What is written, and where:'
const rest = 'Everything else:'

export const runOptions: Record<string, RunOption> = {
  quick: { group: length, switch: true, describe: 'A few minutes on whatever adapter there is (the default)' },
  full: {
    group: length,
    switch: true,
    describe: "The paper's length, 10,000 epochs for szt; its time is printed before it starts",
  },
  epochs: { key: 'training.epochs', group: length, describe: 'Passes through the training set, such as 300' },
  measurements: {
    key: 'measurement.count',
    group: length,
    describe: 'Log-spaced epochs measured, beside epoch 0, such as 30',
  },
  replicas: { key: 'measurement.replicas', group: sampling, describe: 'Samples of every input in h(T); 16 to 64' },
  'own-replicas': {
    key: 'measurement.ownReplicas',
    group: sampling,
    describe: 'Samples of the one input in h(T|X); 1024 or more is good, at least the replicas',
  },
  batches: {
    key: 'measurement.batches',
    group: sampling,
    describe: 'Shares for correction and error (jackknife), at least 2; 16 is good. They divide both kinds of replicas',
  },
  queries: {
    key: 'measurement.queries',
    group: sampling,
    describe: 'Points per input and batch asked for their density; 1 is good',
  },
  compare: {
    key: 'compare',
    group: sampling,
    switch: true,
    describe:
      'At each measurement also ask other estimators, on the same samples: rivals.arrow (some ten seconds a layer)',
  },
  variant: {
    key: 'variant',
    group: rest,
    describe:
      'One thing about szt changed, such as orthonormal, relu, leaky-relu, linear, weight-norm, shuffled-labels or deterministic',
  },
  data: {
    key: 'data.directory',
    group: rest,
    describe: 'Folder with the data, such as fashion-mnist/, where the experiment reads some (mnist)',
  },
  seeds: {
    key: 'seeds',
    alias: 'seed',
    group: rest,
    describe:
      'One network for each seed, trained side by side: 3, 0..31 or 0..3,7 (default: 1 to as many as cost nothing)',
  },
  config: { group: rest, describe: 'YAML or JSON file with any key of the configuration, such as my.yaml' },
  set: {
    group: rest,
    describe: 'KEY=VALUE for any key of the configuration, such as noise.std=0.01; may be given several times',
  },
  adapter: {
    key: 'adapter',
    group: rest,
    describe: "Part of an adapter's name, such as swift (see: infoflow adapters)",
  },
  out: { group: place, describe: 'Folder of the run (default: the next free results/NAME-001, -002, ...)' },
  resume: {
    group: place,
    switch: true,
    describe: 'Go on with the run that --out holds, from its last checkpoint; begin it where there is none',
  },
  force: { group: place, switch: true, describe: 'Replace the run that --out holds' },
  'save-replicas': {
    key: 'save.replicas',
    group: place,
    describe: 'Keep the samples of so many replicas of every input at each measurement, such as 2 (default 0)',
  },
  'save-weights': {
    key: 'save.weights',
    group: place,
    switch: true,
    describe: 'Keep the weights at each measurement, as safetensors with the names PyTorch uses',
  },
}

/** What was typed, as yargs read it: text, a switch, or a list of what was given several times. */
export type Typed = Record<string, unknown>

/** Options as yargs wants them declared. */
export function declared(): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(runOptions).map(([name, { group, describe, alias, switch: isSwitch }]) => [
      name,
      { type: isSwitch ? 'boolean' : 'string', group, describe, ...(alias && { alias }) } satisfies Options,
    ]),
  )
}

/** The text given for an option, undefined when it was not; InputError when it was given twice or is empty. */
export function single(typed: Typed, name: string): string | undefined {
  const value = typed[name]
  if (value === undefined) return undefined
  if (Array.isArray(value)) throw new InputError(`--${name}: given ${value.length} times, expected once`)
  if (value === '') throw new InputError(`--${name}: '' is not a value: write --${name} VALUE`)
  return String(value)
}

/** Whether a switch is on; the last of several wins, undefined when it was not given. */
export function switched(typed: Typed, name: string): boolean | undefined {
  const value = typed[name]
  return (Array.isArray(value) ? value.at(-1) : value) as boolean | undefined
}

/** File, --set and options of a command line, for readConfig. */
export function sourcesOf(typed: Typed): Sources {
  const sets = typed.set === undefined ? [] : [typed.set].flat().map(String)
  return { file: single(typed, 'config'), sets, options: [...modeOf(typed), ...valuesOf(typed)] }
}

function modeOf(typed: Typed): OptionValue[] {
  const [quick, full] = [switched(typed, 'quick'), switched(typed, 'full')]
  if (quick && full) throw new InputError('--quick, --full: given together, expected one of them')
  return full ? [['--full', 'mode', 'full']] : quick ? [['--quick', 'mode', 'quick']] : []
}

function valuesOf(typed: Typed): OptionValue[] {
  return Object.entries(runOptions).flatMap(([name, { key, switch: isSwitch }]) => {
    const value = key && (isSwitch ? switched(typed, name) : single(typed, name))
    return key === undefined || value === undefined ? [] : [[`--${name}`, key, String(value)] satisfies OptionValue]
  })
}
