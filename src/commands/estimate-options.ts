/** The options of `infoflow estimate`, as yargs declares them; what their values may be is in estimate-request.ts. */
import type { Options } from 'yargs'

interface EstimateOption {
  group: string
  describe: string
  switch?: boolean
}

const layer = 'The layer:'
const columns = 'Columns of the file, by name:'
const accuracy = 'How the information is estimated:'
const output = 'What comes out, and where:'

export const estimateOptions: Record<string, EstimateOption> = {
  'noise-std': {
    group: layer,
    describe:
      "B, needed: standard deviation of the layer's own Gaussian noise, in the units of s, such as 0.1 " +
      '(0: a layer without noise, which has no estimate)',
  },
  inputs: {
    group: layer,
    describe:
      'all: the x in the file are all the inputs there are, such as a whole data set; sample: they are a sample of ' +
      'them, and the interval covers that too (default sample)',
  },
  s: { group: columns, describe: 'Samples: lists of numbers, or columns s0, s1, ... (default s)' },
  x: { group: columns, describe: 'Which input a row came from, any number or text (default x, where there is one)' },
  y: { group: columns, describe: 'Label of the input, for I(Y;T) (default y, where there is one)' },
  weights: { group: columns, describe: 'p(x) of the input, up to a factor (default: the share of its rows, n_x / n)' },
  by: { group: columns, describe: 'An answer for each group of rows, such as epoch,layer' },
  tolerance: {
    group: accuracy,
    describe: 'Draw queries until the 95 % interval is within +- so many nats, such as 0.01, or cannot get narrower',
  },
  certificate: {
    group: accuracy,
    describe: 'Bound, in nats, on what skipping far samples may change; 0 skips nothing (default 1e-6)',
  },
  batches: { group: accuracy, describe: 'Shares for correction and error (jackknife), at least 2 (default 16)' },
  replicas: {
    group: accuracy,
    describe: 'Samples of each input in the sums over other inputs, such as 16: faster (default: all of them)',
  },
  seed: { group: accuracy, describe: "Of the queries' noise: 0 to 4294967295 (default 1)" },
  adapter: { group: accuracy, describe: "Part of an adapter's name, such as swift (see: infoflow adapters)" },
  compare: {
    group: output,
    switch: true,
    describe: 'Ask other estimators too, on the same samples: a second table, `rivals` in --json, FILE-rivals.arrow',
  },
  json: { group: output, switch: true, describe: 'Print { "answers": [...], "warnings": [...] } and nothing else' },
  out: { group: output, describe: 'Write the answers as an Arrow file too, such as answers.arrow' },
  force: { group: output, switch: true, describe: 'Replace the file that --out names' },
  bits: { group: output, switch: true, describe: 'Show bits on the terminal; --json and --out stay in nats' },
}

/** Options as yargs wants them declared. */
export function declaredForEstimate(): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(estimateOptions).map(([name, { group, describe, switch: isSwitch }]) => [
      name,
      { type: isSwitch ? 'boolean' : 'string', group, describe } satisfies Options,
    ]),
  )
}
