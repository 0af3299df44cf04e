/**
 * COST   quick: about 3 minutes on 2 cores with the embedded software adapter, two networks side by side; --full: 10,000
 *        epochs of 13 steps and 85 measurements of one, less than 10 minutes there. Both are printed before they start.
 * SHOWS  deep layers of a noisy network first gain information about their input, then lose some of it, twice: layer 5
 *        peaks near epoch 25, has a trough near epoch 75, peaks again between 500 and 1500 and falls towards 10,000,
 *        while layer 1 keeps log 4096 = 8.3178 nats throughout (one seed of the authors; the shape is the check).
 * FROM   Goldfeld et al. 2019 (arXiv 1810.05728) after Shwartz-Ziv and Tishby 2017: 12-10-7-5-4-3-2, tanh, noise 0.005,
 *        Adam 4e-4, batches of 256, 3277 training and 819 test inputs (METHOD 5.2).
 * The paper's epochs are unique(round(logspace(0, log10 9999, 100))) counted from 0. Counted as passes through the data
 * they end at 10,000, so the same 100 points are taken up to there; they round to 84 epochs too. Epoch 0, before the
 * first step, is measured besides.
 */
import { icosahedron } from '../data/icosahedron.js'
import { shuffledLabels } from '../data/shuffled-labels.js'
import type { Activation, LayerSpec } from '../network/network.js'
import { plain } from '../training/options.js'
import type { ExperimentDefinition } from './definition.js'

/** Of the one permutation that all seeds share. */
const labelKey = 0

const hiddenWidths = [10, 7, 5, 4, 3]

function layersOf(activation: Activation): LayerSpec[] {
  return [...hiddenWidths.map((width) => ({ width, activation })), { width: 2, activation: 'linear' }]
}

export const szt: ExperimentDefinition = {
  name: 'szt',
  title: 'I(X;T) in a noisy 12-10-7-5-4-3-2 tanh network',
  shows:
    'The network of Shwartz-Ziv and Tishby with noise of standard deviation 0.005 in every hidden layer: the deep ' +
    'layers first gain information about their input, then lose it, while layer 1 keeps all of it.',
  data: ({ data }) => (data.shuffledLabels ? shuffledLabels(icosahedron(), labelKey) : icosahedron()),
  defaults: {
    experiment: 'szt',
    mode: 'quick',
    seeds: 'auto',
    data: { shuffledLabels: false },
    network: { layers: layersOf('tanh') },
    noise: { std: 0.005 },
    training: {
      epochs: 'auto',
      batchSize: 256,
      trainCount: 3277,
      learningRate: 4e-4,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      ...plain,
      evaluations: 200,
    },
    measurement: {
      count: 'auto',
      layers: 'auto',
      replicas: 'auto',
      ownReplicas: 'auto',
      batches: 'auto',
      queries: 'auto',
      tolerance: 1e-6,
    },
    compare: false,
    clustering: { inputs: 4096, pairs: 1024 },
    save: { replicas: 0, weights: false },
  },
  full: { epochs: 10_000, measurements: 84 },
  variants: {
    orthonormal: { title: 'orthonormal regularisation', changes: { training: { orthonormal: 1e-3 } } },
    relu: { title: 'ReLU, noise 0.01', changes: activated('relu') },
    'leaky-relu': { title: 'leaky ReLU, noise 0.01', changes: activated('leaky-relu') },
    linear: { title: 'linear, noise 0.01', changes: activated('linear') },
    'weight-norm': { title: 'weight normalisation', changes: { training: { weightNorm: true } } },
    'shuffled-labels': { title: 'shuffled labels', changes: { data: { shuffledLabels: true } } },
    deterministic: { title: 'no noise', changes: { noise: { std: 0 } } },
  },
}

function activated(activation: Activation) {
  return { network: { layers: layersOf(activation) }, noise: { std: 0.01 } }
}
