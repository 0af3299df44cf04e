/**
 * COST   that of the network and the data: printed before the run starts, or the measurements.
 * SHOWS  what the layers of a person's own network know about the person's own inputs.
 * FROM   Nothing is the paper's here. Ours: no noise unless it is given, X uniform on the inputs unless they are said to be a sample,
 *        80 % of them to train on where the data have no test set, Adam at 1e-3.
 */
import { dataFromFiles } from '../data/data-files.js'
import { shuffledLabels } from '../data/shuffled-labels.js'
import type { LayerSpec } from '../network/network.js'
import type { Config } from './config.js'
import type { ExperimentDefinition } from './definition.js'
import { szt } from './szt.js'

/** Of the one permutation that all seeds share. */
const labelKey = 0

export const custom: ExperimentDefinition = {
  name: 'custom',
  title: "I(X;T) in a network of one's own",
  shows:
    'Your own network on your own data, described in a file: infoflow init > my.yaml writes one to begin with, infoflow run my.yaml ' +
    'trains it, and infoflow measure my.yaml --weights FILES takes weights that were trained elsewhere.',
  data: async ({ data }) => {
    const { shuffledLabels: shuffled, inputs, shape, regime = 'all', ...files } = data
    const all = await dataFromFiles({
      ...files,
      regime,
      inputs: inputs!,
      shape: shape as [number, number, number] | undefined,
    })
    return shuffled ? shuffledLabels(all, labelKey) : all
  },
  defaults: {
    ...szt.defaults,
    experiment: 'custom',
    network: { layers: [] },
    noise: { std: 0 },
    training: { ...szt.defaults.training, learningRate: 1e-3, trainCount: 'auto' },
  },
  full: { epochs: 1000, measurements: 84 },
}

const tanh = (width: number): LayerSpec => ({ width, activation: 'tanh' })

/** What `infoflow init` writes for a network of one's own: everything to be replaced by the person's. */
export const example: Config = {
  ...custom.defaults,
  data: { inputs: 'inputs.npy', labels: 'labels.npy', normalise: 'none', regime: 'all', shuffledLabels: false },
  noise: { std: 0.05 },
  network: { layers: [tanh(10), tanh(5), { width: 2, activation: 'linear' }] },
}
