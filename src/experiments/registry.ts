import { unknownName } from '../errors.js'
import type { ExperimentDefinition } from './definition.js'
import { szt } from './szt.js'

/** Every experiment there is, by the name that the command line knows it by. */
export const experiments: Readonly<Record<string, ExperimentDefinition>> = { szt }

/** The experiment of that name; InputError with the nearest name when there is none. */
export function findExperiment(name: string): ExperimentDefinition {
  if (Object.hasOwn(experiments, name)) return experiments[name]
  throw unknownName('experiment', name, Object.keys(experiments))
}
