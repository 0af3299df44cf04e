/**
 * COST   quick: about three minutes on 2 cores with the embedded software adapter: 300 epochs, then each noise measured
 *        once; large noise costs most, as then nothing lies far enough away to be skipped. --full: 10,000 epochs.
 * SHOWS  I(X;T) is a matter of the noise as much as of the weights: at fixed weights it goes from log 4096, where the noise
 *        is too small to confuse two inputs, to nearly nothing. How fast it falls tells on which scale a layer's
 *        activations lie together; deep layers fall first.
 * FROM   The network of `szt` (Goldfeld et al. 2019, arXiv 1810.05728; METHOD 5.2). The grid of noises is ours. The noise is
 *        that of every hidden layer, those below the measured one too; only 0.005 was there in training.
 */
import type { ExperimentDefinition } from './definition.js'
import { szt } from './szt.js'

export const noiseLevels: ExperimentDefinition = {
  name: 'noise-levels',
  title: 'I(X;T) against the noise in a 12-10-7-5-4-3-2 tanh network',
  shows:
    'The network of szt, trained with noise 0.005, then measured at fixed weights under noise from 0.001 to 1 in all ' +
    'hidden layers: how I(X;T) depends on the noise that defines it.',
  data: szt.data,
  defaults: {
    ...szt.defaults,
    experiment: 'noise-levels',
    seeds: [1],
    measurement: { ...szt.defaults.measurement, replicas: 8, ownReplicas: 256, batches: 8, queries: 1 },
    noiseStds: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  },
  quick: { epochs: 300, measurements: 1 },
  full: { epochs: 10_000, measurements: 20 },
  companion: async (config) => (await import('./noise-levels-companion.js')).noiseLevelsCompanion(config),
}
