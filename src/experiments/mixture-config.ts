/** What `mixture` may be asked. */
import { z } from 'zod'
import { common, group, list, positive, whole } from './study-values.js'

const dimensions = list(whole(1, 60), 'dimensions')

export const mixtureConfig = z.strictObject({
  ...common,
  dimensions,
  noiseStds: list(positive(), 'noises'),
  /** Standard deviation of a component on each axis. */
  spread: z.number('a number >= 0').min(0, 'a number >= 0'),
  truncated: list(z.boolean('true or false'), 'true, false'),
  /** n. */
  samples: list(whole(2, 1_000_000), 'sample sizes'),
  /** Of a round of sample propagation, about, and at least one for each sample. */
  queries: whole(1, 10_000_000),
  repetitions: whole(1, 10_000),
  corners: group({
    dimensions: list(whole(1, 14), 'dimensions'),
    noiseStd: positive(),
    /** Of each corner: n_MC. */
    queriesEach: list(
      whole(2, 1_000_000).refine((n) => n % 4 === 0, 'a multiple of 4'),
      'numbers of queries',
    ),
    repetitions: whole(1, 10_000),
  }),
})

export type MixtureConfig = z.infer<typeof mixtureConfig>
