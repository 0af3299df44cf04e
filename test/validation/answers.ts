/** Answers made up, to see what is made of them. */
import type { InformationAnswer } from '../../src/information/answer.js'
import { quantities } from '../../src/tables/rows.js'

/** An answer that holds nothing but what is `given`. */
export function answerWith(given: Partial<InformationAnswer>): InformationAnswer {
  const endings = ['', '_corrected', '_se', '_low', '_high']
  const none = quantities.flatMap((name) => endings.map((ending) => [name + ending, null]))
  return {
    ...Object.fromEntries(none),
    ...{ samples: 8, inputs: 8, dimension: 2, noise_std: 1, regime: 'exact' },
    ...{ replica_correction: null, input_correction: null, mi_ceiling: null, certificate: 0, numerical_error: 0 },
    ...{ step_ratio: null, kt_lower: null, kt_lower_se: null, kt_upper: null, kt_upper_se: null },
    ...{ minimal_samples: 1, sufficient: true, query_error_bound: null, binned_entropy: null },
    ...{ replicas: 1, own_replicas: 1, batches: 16, queries: 128, seconds: 0.5, warnings: [] },
    ...given,
  } as InformationAnswer
}

/** mi, its correction and its interval of two SE. */
export function estimated(mi_corrected: number, mi_se: number, correction = 0): Partial<InformationAnswer> {
  const reach = 2 * mi_se
  return {
    mi: mi_corrected - correction,
    mi_corrected,
    mi_se,
    mi_low: mi_corrected - reach,
    mi_high: mi_corrected + reach,
  }
}
