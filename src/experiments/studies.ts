import type { ExperimentDefinition } from './definition.js'
import { mixture } from './mixture.js'
import { reedMuller } from './reed-muller.js'
import { findExperiment } from './registry.js'
import type { StudyDefinition } from './study.js'

/** Experiments without a network, by the name that the command line knows them by. */
export const studies: Readonly<Record<string, StudyDefinition>> = { mixture, 'reed-muller': reedMuller }

/** Anything that `infoflow run` knows by this name; InputError with the nearest name when there is none. */
export function findDefinition(name: string): ExperimentDefinition | StudyDefinition {
  return Object.hasOwn(studies, name) ? studies[name] : findExperiment(name, Object.keys(studies))
}

export const isStudy = (definition: ExperimentDefinition | StudyDefinition): definition is StudyDefinition =>
  Object.hasOwn(studies, definition.name)
