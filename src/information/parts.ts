/** What is known between drawing and answering. */
import type { Samples } from '../samples/samples.js'
import type { EstimateOptions } from './answer.js'
import type { Columns } from './design.js'
import type { Grouping } from './grouping.js'
import type { HostSamples } from './host-samples.js'
import type { Estimates } from './jackknife.js'

/** What all steps need to know. */
export interface Asked {
  samples: Samples
  grouping: Grouping
  options: EstimateOptions
  host: HostSamples
}

/** The estimates of one way to leave things out in turn, with what they may lack. */
export interface Part {
  estimates: Estimates
  certificate: number
  columns: Columns
  /** The part of the SE that more queries would remove. */
  queryError: number
}

export interface Parts {
  /** What the answer stands on: queries (exact), batches (all), groups (sample). */
  main: Part
  /** regime sample with replicas: the batches of samples, for their bias alone. */
  replicas: Part | null
  queries: number
  centers: number
  /** Why drawing stopped before the tolerance was reached; null if it did not. */
  floor: string | null
}
