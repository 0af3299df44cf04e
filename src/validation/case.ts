/** What a validation knows beforehand: samples that it can draw, and the information that they carry. */
import type { EstimateOptions } from '../information/answer.js'
import type { Samples } from '../samples/samples.js'

export interface ValidationCase {
  name: string
  /** What the answer must find the samples to be (InformationAnswer). */
  regime: 'exact' | 'all' | 'sample'
  /** I(X;T), nats: of all of X, not of the inputs drawn. */
  truth: number
  /** Enough samples for the estimate to be right; where not, the answer has to say so. */
  enough: boolean
  options: EstimateOptions
  draw(seed: number): Samples
}

/** How a case is estimated, beside what its samples settle. */
export type CaseOptions = Omit<EstimateOptions, 'noiseStd' | 'inputs' | 'seed'>
