/**
 * What other estimators say of the same samples, side by side, with a line on what each measures. None is corrected or
 * clamped. All are f64 on the host, from few enough points for seconds.
 */
import type { Samples } from '../samples/samples.js'
import type { Rival } from '../tables/rows.js'
import type { Estimate } from './estimate.js'
import * as rivals from './findings.js'

interface Estimator {
  estimator: string
  measures: string
  find(setting: rivals.Setting): rivals.Finding[]
}

const estimators: Estimator[] = [
  {
    estimator: 'binned',
    measures:
      'I(.;Bin(S)): information about which bin the noiseless activation, all neurons together, falls in; ' +
      'depends on the width; a measure of clustering',
    find: rivals.binnedJointly,
  },
  {
    estimator: 'binned-neuron-mean',
    measures:
      'mean over neurons of I(.;Bin(S_k)): information in the bin of one noiseless neuron; depends on the width',
    find: rivals.binnedMean,
  },
  {
    estimator: 'binned-neuron-sum',
    measures:
      'sum over neurons of I(.;Bin(S_k)): what neurons share counts as often as they hold it; depends on the width',
    find: rivals.binnedSum,
  },
  {
    estimator: 'kolchinsky-tracey',
    measures: "bounds for the mixture of the layer's own noise around the samples, from the distances between them",
    find: rivals.pairwise,
  },
  {
    estimator: 'saxe',
    measures:
      'pairwise-distance estimates with noise that is imagined, not in the network; mi depends on its variance, ' +
      'and differences of like terms are no bounds where both vary',
    find: rivals.saxe,
  },
  {
    estimator: 'kde',
    measures:
      'entropies of T by Gaussian kernels of the likeliest width, blind to what is known of the noise; ' +
      'errs upwards in h, the more the larger the dimension',
    find: rivals.kernels,
  },
  {
    estimator: 'kozachenko-leonenko',
    measures:
      'entropies of T from distances to k-th neighbours, blind to what is known of the noise; ' +
      'needs points dense on its scale',
    find: rivals.nearestEntropy,
  },
  {
    estimator: 'ksg',
    measures:
      'information between T and a discrete input or label from neighbour counts (Ross 2014: KSG with one side ' +
      "discrete, since an input's coordinates are not in the samples); off where an input has few points",
    find: rivals.nearestInformation,
  },
]

/**
 * Rows of I(X;T), I(Y;T), h(T) and h(T|X), nats, of every rival that has something to say; T = S + Z with
 * Z ~ N(0, noiseStd^2 I). A value that is infinite or cannot be told is null.
 * @param noiseStd in the units of the samples; 0: T = S
 * @param seed of the points drawn: the same seed gives the same rows but for their seconds
 */
export function compareRivals(samples: Samples, noiseStd: number, seed: number): Rival[] {
  return estimators.flatMap(({ estimator, measures, find }) => {
    const start = performance.now()
    const findings = find({ samples, noiseStd, seed })
    const seconds = (performance.now() - start) / 1000
    return findings.map(({ parameter, quantity, points, ...estimate }) => ({
      ...{ dimension: samples.width, estimator, parameter, quantity },
      ...{ ...finiteOnly(estimate), points, measures, seconds },
    }))
  })
}

function finiteOnly({ value, se }: Estimate): Estimate {
  const finite = value !== null && Number.isFinite(value)
  return { value: finite ? value : null, se: finite ? se : null }
}
