import { mixture } from './mixture.js'
import { reedMuller } from './reed-muller.js'
import type { StudyDefinition } from './study.js'

/** Experiments without a network, by the name that the command line knows them by. */
export const studies: Readonly<Record<string, StudyDefinition>> = { mixture, 'reed-muller': reedMuller }
