/** An answer as `estimateInformation` gives it, plausible, with whatever fields a test chooses. */
import type { InformationAnswer } from '../../src/information/answer.js'
import { quantities, type QuantityColumns } from '../../src/tables/rows.js'

const noQuantities = Object.fromEntries(
  quantities.flatMap((name) => ['', '_corrected', '_se', '_low', '_high'].map((suffix) => [name + suffix, null])),
) as QuantityColumns

export function answerOf(fields: Partial<InformationAnswer> = {}): InformationAnswer {
  const mi = { mi: 2.71, mi_corrected: 2.54, mi_se: 0.0094, mi_low: 2.52, mi_high: 2.56 }
  const entropies = { h_t: -5.2, h_t_corrected: -5.12, h_t_se: 0.01, h_t_low: -5.14, h_t_high: -5.1 }
  const corrections = { replica_correction: -0.17, input_correction: null }
  const bounds = { mi_ceiling: Math.log(4096), certificate: 1e-7, numerical_error: 1e-6, step_ratio: 0.51 }
  const pairwise = { kt_lower: -5.4, kt_lower_se: 0.01, kt_upper: -4.9, kt_upper_se: 0.01 }
  return {
    ...{ samples: 65536, inputs: 4096, dimension: 3, noise_std: 0.005, regime: 'all' },
    ...{ ...noQuantities, ...mi, ...entropies, ...corrections, ...bounds, ...pairwise },
    ...{ minimal_samples: null, sufficient: null, query_error_bound: 120.5, binned_entropy: null },
    ...{ replicas: 16, own_replicas: 16, batches: 16, queries: 65536, seconds: 1.25, warnings: [] },
    ...fields,
  }
}

export function deterministic(): InformationAnswer {
  const nothing = { mi_ceiling: null, certificate: null, numerical_error: null, step_ratio: null }
  const bounds = { kt_lower: null, kt_lower_se: null, kt_upper: null, kt_upper_se: null, query_error_bound: null }
  return answerOf({
    ...noQuantities,
    ...nothing,
    ...bounds,
    ...{ noise_std: 0, regime: 'deterministic', replica_correction: null, binned_entropy: 3.2109 },
    warnings: ['deterministic layer: I(X;T) is H(S) for finite X (H(X) when S is injective)'],
  })
}
