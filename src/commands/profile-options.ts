/** The options of `infoflow profile`: its own, and those of a run that say what is trained and measured. */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import { declared, single, type Typed } from './run-options.js'

const own = 'What is profiled:'

/** Those of `infoflow run` that are not about its length. */
const taken = [
  ...['replicas', 'own-replicas', 'batches', 'queries', 'seeds', 'variant', 'data', 'config', 'set', 'adapter'],
  ...['out', 'force'],
]

export const profileOptions: Record<string, Options> = {
  steps: {
    type: 'string',
    group: own,
    describe:
      'Training steps of each network, in whole epochs where there are several (default: 200; a dispatch a layer: 20)',
  },
  'per-layer': {
    type: 'boolean',
    group: own,
    describe: 'Train with a dispatch a layer, even where one takes many steps',
  },
  'host-times': { type: 'boolean', group: own, describe: "Times by the host's clock, as where a device has none" },
  ...Object.fromEntries(Object.entries(declared()).filter(([name]) => taken.includes(name))),
}

/** Steps past which a trace is more than any viewer opens. */
const mostSteps = 10_000

/** What --steps says; undefined where it was not given. @throws InputError: not a whole number in its range */
export function stepsTyped(typed: Typed): number | undefined {
  const text = single(typed, 'steps')
  if (text === undefined) return undefined
  const steps = Number(text)
  if (Number.isInteger(steps) && steps >= 1 && steps <= mostSteps) return steps
  throw new InputError(`--steps: '${text}' is not a whole number from 1 to ${mostSteps}: write --steps 200`)
}
