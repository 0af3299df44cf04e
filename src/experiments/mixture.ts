/**
 * The estimator against entropies that are known (METHOD 5.5): S from a mixture of 2^d Gaussians on the corners of {-1, 1}^d, perhaps
 * truncated to the cube, T = S + N(0, beta^2 I). About two minutes on two cores; --full takes hours, mostly where n is 16384. From
 * the paper: the mixtures and d = 5, 10, 15. Ours: all other values, and the second part, where all centres are known.
 */
import type { MixtureConfig } from './mixture-config.js'
import type { StudyDefinition } from './study.js'

const defaults: MixtureConfig = {
  experiment: 'mixture',
  mode: 'quick',
  seed: 1,
  dimensions: [5, 10, 15],
  noiseStds: [0.2, 1],
  spread: 0.25,
  truncated: [false, true],
  samples: [64, 256, 1024],
  queries: 4096,
  repetitions: 6,
  corners: { dimensions: [3, 6], noiseStd: 1, queriesEach: [8, 32, 128, 512], repetitions: 48 },
}

export const mixture: StudyDefinition = {
  name: 'mixture',
  title: 'Entropy of Gaussian mixtures: sample propagation, kernels and neighbours',
  shows:
    'h(T) of mixtures of 2^d Gaussians, d = 5, 10, 15, whose true value is known: errors of sample propagation, KDE and ' +
    'nearest neighbours against the number of samples, and against the number of queries. No network; two minutes.',
  defaults,
  full: {
    noiseStds: [0.1, 0.2, 0.5, 1],
    samples: [64, 256, 1024, 4096, 16384],
    queries: 32768,
    repetitions: 10,
    corners: { dimensions: [3, 6, 9], noiseStd: 1, queriesEach: [8, 32, 128, 512, 2048], repetitions: 100 },
  },
  schema: async () => (await import('./mixture-config.js')).mixtureConfig,
  prepare: async (config) => (await import('./mixture-tasks.js')).prepareMixture(config as MixtureConfig),
}
