/**
 * COST   a few seconds on anything: 2000 steps on four inputs, 61 measurements; --full: 20,000 steps, 121 measurements.
 * SHOWS  I(X;T) of one noisy neuron T = tanh(w X + b) + Z climbs to log 4 while training pulls the four values of X apart,
 *        stops at (3/2) log 2 when two of them have merged in the saturated tail, and falls to H(1/4) = 0.5623 nats when all
 *        three inputs of one label have: compression is clustering. The estimate stands beside exact quadrature all along,
 *        so that this is also a test of the estimator. The climb is seed 1's, which begins at w = 0.02, where the points
 *        overlap; most seeds begin with points apart, at log 4 already. With noise 0.1, where points
 *        begin closer, seed 1 climbs too; other seeds were not tried.
 * FROM   Goldfeld et al. 2019 (arXiv 1810.05728), section on the single neuron (METHOD 5.1): X uniform on {-3, -1, 1, 3},
 *        label 1 for X = 3 alone, noise 0.01. Ours: two logits under cross-entropy behind the neuron, all four inputs in
 *        each step, PyTorch's initialisation, and Adam with beta2 0.9 and a tiny epsilon: with the usual 0.999 and 1e-8
 *        steps shrink with the gradients, and the last merge takes too long to wait for.
 */
import type { DataSet } from '../data/dataset.js'
import { plain } from '../training/options.js'
import type { ExperimentDefinition } from './definition.js'

export const singleNeuron: ExperimentDefinition = {
  name: 'single-neuron',
  title: 'I(X;T) of a single noisy tanh neuron',
  shows:
    'One neuron, four inputs, noise 0.01, in seconds: I(X;T) climbs to log 4, then falls to 0.5623 nats as the three ' +
    'inputs of one label merge in the saturated tail. Beside exact quadrature, over the plane of weight and bias, and ' +
    'as a channel: I against SNR.',
  data: fourInputs,
  defaults: {
    experiment: 'single-neuron',
    mode: 'quick',
    seeds: [1],
    data: { shuffledLabels: false },
    network: {
      layers: [
        { width: 1, activation: 'tanh' },
        { width: 2, activation: 'linear' },
      ],
    },
    noise: { std: 0.01 },
    training: {
      epochs: 'auto',
      batchSize: 4,
      trainCount: 4,
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.9,
      epsilon: 1e-16,
      ...plain,
      evaluations: 200,
    },
    measurement: {
      count: 'auto',
      layers: 'auto',
      replicas: 32,
      ownReplicas: 32,
      batches: 32,
      queries: 128,
      tolerance: 1e-6,
    },
    compare: false,
    clustering: { inputs: 4, pairs: 4 },
    save: { replicas: 1, weights: true },
  },
  quick: { epochs: 2000, measurements: 60 },
  full: { epochs: 20_000, measurements: 120 },
  companion: async (config, data) => (await import('./single-neuron-companion.js')).singleNeuronCompanion(config, data),
}

/** X in -3, -1, 1, 3, all equally likely; label 1 for X = 3. */
export function fourInputs(): DataSet {
  const inputs = Float32Array.of(-3, -1, 1, 3)
  const labels = Uint32Array.of(0, 0, 0, 1)
  return { name: 'four inputs', count: 4, width: 1, classes: 2, enumerated: true, inputs, labels }
}
