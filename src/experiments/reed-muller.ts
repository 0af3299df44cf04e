/**
 * Reed-Muller codes over a Gaussian channel (METHOD 5.5): S uniform on the words of a code, bits as 1 and -1, T = S + N(0, beta^2 I).
 * One to two minutes on two cores; --full, with finer noises and up to 4096 sampled words, takes an hour or more. The codes,
 * the noises and all sizes are ours.
 */
import type { ReedMullerConfig } from './reed-muller-config.js'
import type { StudyDefinition } from './study.js'

const defaults: ReedMullerConfig = {
  experiment: 'reed-muller',
  mode: 'quick',
  seed: 1,
  codes: [
    [1, 3],
    [1, 4],
    [2, 4],
    [1, 5],
  ],
  snrs: [-12, -9, -6, -3, 0, 3, 6, 9, 12],
  queries: 32768,
  sampled: {
    codes: [
      [2, 4],
      [4, 4],
    ],
    snrs: [-6, 0],
    samples: [64, 256, 1024],
    repetitions: 5,
  },
}

export const reedMuller: StudyDefinition = {
  name: 'reed-muller',
  title: 'Reed-Muller codes over a Gaussian channel',
  shows:
    'I(S;S+Z) of codes whose words are all summed over, against the noise and beside the capacity of the channel; and what n ' +
    'sampled words tell of it, by sample propagation, KDE and nearest neighbours. No network; one to two minutes.',
  defaults,
  full: {
    codes: [
      [1, 3],
      [1, 4],
      [2, 4],
      [1, 5],
      [1, 6],
    ],
    snrs: Array.from({ length: 17 }, (_, i) => 1.5 * i - 12),
    sampled: {
      codes: [
        [2, 4],
        [4, 4],
        [2, 5],
        [3, 5],
      ],
      snrs: [-6, 0, 3],
      samples: [64, 256, 1024, 4096],
      repetitions: 8,
    },
  },
  schema: async () => (await import('./reed-muller-config.js')).reedMullerConfig,
  prepare: async (config) => (await import('./reed-muller-tasks.js')).prepareReedMuller(config as ReedMullerConfig),
}
