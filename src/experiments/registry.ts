import { unknownName } from '../errors.js'
import { binning } from './binning.js'
import { custom } from './custom.js'
import type { ExperimentDefinition } from './definition.js'
import { mnist } from './mnist.js'
import { noiseLevels } from './noise-levels.js'
import { proxy } from './proxy.js'
import { singleNeuron } from './single-neuron.js'
import { spiral } from './spiral.js'
import { szt } from './szt.js'

/** Every experiment there is, by the name that the command line knows it by. */
export const experiments: Readonly<Record<string, ExperimentDefinition>> = {
  szt,
  'single-neuron': singleNeuron,
  binning,
  'noise-levels': noiseLevels,
  proxy,
  mnist,
  spiral,
  custom,
}

/** The experiment of that name; InputError with the nearest name, `others` among them, when there is none. */
export function findExperiment(name: string, others: readonly string[] = []): ExperimentDefinition {
  if (Object.hasOwn(experiments, name)) return experiments[name]
  throw unknownName('experiment', name, [...Object.keys(experiments), ...others])
}
