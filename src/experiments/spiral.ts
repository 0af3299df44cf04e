/**
 * COST   quick: about two minutes on 2 cores with the embedded software adapter, seconds of them training, the rest
 *        estimates. --full: an hour or so there (expected), most of it kernels among 32,768 points, 20 times over.
 * SHOWS  how many samples an estimate of the entropy h(T) of a layer of ten neurons takes. Sample propagation knows the
 *        noise and needs one to four thousand for 0.1 nats; kernel density and neighbours see noisy points alone and
 *        are far off with all that are affordable.
 * FROM   Goldfeld et al. 2019 (arXiv 1810.05728; METHOD 5.3): points of a 2-d spiral in 3 classes, layers of 8, 9 and 10
 *        tanh neurons, noise 0.2, 98 % accuracy, h(T) of the third layer against n by the three estimators. Ours: all the
 *        rest, which the paper leaves open: the spiral itself (src/data/spiral.ts), Adam 0.005 in batches of 600 for 300
 *        epochs, which gives 98 to 99 % without noise, the sizes n, how often each is repeated, and the reference.
 * X is continuous and the training points a sample of it, so no I(X;T) is measured in training (rows would be of X uniform on
 * just these points); h(T) is estimated afterwards, from inputs drawn anew each time. The reference is ours too: the
 * largest samples, whose raw and held-out values have h(T) between them on average.
 */
import { spiral as points } from '../data/spiral.js'
import { plain } from '../training/options.js'
import type { ExperimentDefinition } from './definition.js'

const powers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => 2 ** (first + i))

export const spiral: ExperimentDefinition = {
  name: 'spiral',
  title: 'Entropy of the third layer of a 2-8-9-10-3 tanh network',
  shows:
    'A network with noise 0.2 that tells the three arms of a spiral apart: h(T) of its third layer, ten neurons, against ' +
    'the number of samples, by sample propagation, KDE and nearest neighbours. Two minutes.',
  data: () => points(),
  defaults: {
    experiment: 'spiral',
    mode: 'quick',
    seeds: [1],
    data: { shuffledLabels: false },
    network: {
      layers: [
        { width: 8, activation: 'tanh' },
        { width: 9, activation: 'tanh' },
        { width: 10, activation: 'tanh' },
        { width: 3, activation: 'linear' },
      ],
    },
    noise: { std: 0.2 },
    training: {
      epochs: 'auto',
      batchSize: 600,
      trainCount: 2400,
      learningRate: 0.005,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      ...plain,
      evaluations: 100,
    },
    measurement: {
      count: 'auto',
      layers: [],
      replicas: 16,
      ownReplicas: 256,
      batches: 16,
      queries: 1,
      tolerance: 1e-6,
    },
    compare: false,
    entropies: {
      samples: 'auto',
      repetitions: 'auto',
      queries: 16_384,
      referenceSamples: 'auto',
      referenceRepetitions: 4,
    },
    clustering: { inputs: 3000, pairs: 1024 },
    save: { replicas: 0, weights: false },
  },
  quick: {
    epochs: 300,
    measurements: 8,
    entropies: { samples: powers(6, 13), repetitions: 6, referenceSamples: 2 ** 15 },
  },
  full: {
    epochs: 300,
    measurements: 24,
    entropies: { samples: powers(6, 15), repetitions: 20, referenceSamples: 2 ** 17 },
  },
  companion: async (config) => (await import('./spiral-companion.js')).spiralCompanion(config),
}
