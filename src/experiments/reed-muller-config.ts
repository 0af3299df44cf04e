/** What `reed-muller` may be asked. */
import { z } from 'zod'
import { common, group, list, whole } from './study-values.js'

const pair = 'a code as [r, m], 0 <= r <= m <= 8'
const code = z.tuple([z.int(pair), z.int(pair)], pair).refine(([r, m]) => 0 <= r && r <= m && m <= 8, pair)
const snrs = list(z.number('a number of dB').min(-60, 'a number >= -60').max(60, 'a number <= 60'), 'numbers of dB')

export const reedMullerConfig = z.strictObject({
  ...common,
  /** All words of these are summed over. */
  codes: list(code, 'codes'),
  /** 10 log10(1 / beta^2). */
  snrs,
  /** Of a round, about, and at least 32 for each word where all are summed over. */
  queries: whole(1, 10_000_000),
  /** Of these n words are drawn. */
  sampled: group({
    codes: list(code, 'codes'),
    snrs,
    samples: list(whole(2, 1_000_000), 'sample sizes'),
    repetitions: whole(1, 10_000),
  }),
})

export type ReedMullerConfig = z.infer<typeof reedMullerConfig>
