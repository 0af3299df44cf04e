/**
 * COST   quick: some minutes on 2 cores with the embedded software adapter: 4,000 training and 1,000 test images, 2 epochs, three
 *        conditions, three seeds. --full: 60,000 and 10,000 images, 10 epochs, six conditions, five seeds: a day or so there; the
 *        time is printed before it starts, and Ctrl-C keeps what there is.
 * SHOWS  noisy convolutional networks beside a deterministic one from the same weights on the same batches: validation error under
 *        noise 0.05 to 0.5 and under dropout 0.2, cosine similarity of representations, distances and binned entropy through
 *        training. The quick run shows that it works, and its numbers; claims take --full.
 * FROM   The network and the comparison are of Goldfeld et al. 2019 (arXiv 1810.05728; METHOD 5.4). Ours: Adam at 1e-3, batches of
 *        128, PyTorch's initialisation, dropout behind the layers that carry noise (convolutions and the wide dense one), epochs, seeds.
 * I(X;T) is not estimated: the layers are too wide by far, and each says by how much (METHOD 2.3).
 */
import { mnist as images } from '../data/mnist.js'
import { shuffledLabels } from '../data/shuffled-labels.js'
import { minimalSamples } from '../math/theory.js'
import type { LayerSpec } from '../network/network.js'
import { plain } from '../training/options.js'
import type { Config } from './config.js'
import type { Condition, ExperimentDefinition } from './definition.js'
import { noiseConditions } from './proxy.js'
import { dropoutRate, requirePanelled, similarityPanel } from './similarity-panel.js'

const dropout = { type: 'dropout', rate: 0.2 } as const
const activation = 'tanh'

/** Where a condition drops nothing, dropout layers are passed over: layer numbers, initial weights and noise stay the same. */
const layers: LayerSpec[] = [
  { type: 'conv2d', channels: 16, kernel: 5, activation },
  dropout,
  { type: 'max-pool', size: 2 },
  { type: 'conv2d', channels: 32, kernel: 5, activation },
  dropout,
  { type: 'max-pool', size: 2 },
  { type: 'flatten' },
  { width: 128, activation },
  dropout,
  { width: 10, activation: 'linear' },
]

export const mnist: ExperimentDefinition = {
  name: 'mnist',
  title: 'Noisy, deterministic and dropout convolutional networks on MNIST',
  shows:
    'A convolutional network on MNIST (fetched on first use, or --data DIR) without noise, with noise and with dropout, ' +
    'from the same weights on the same batches: test errors, similarity of representations, clustering.',
  data: (config, announce) => {
    const { directory, trainImages = 1, testImages = 0, shuffledLabels: shuffled } = config.data
    const data = images({ train: trainImages, test: testImages, directory, announce })
    return shuffled ? shuffledLabels(data, 0) : data
  },
  defaults: {
    experiment: 'mnist',
    mode: 'quick',
    seeds: 'auto',
    data: { shuffledLabels: false },
    network: { layers },
    noise: { std: 0 },
    training: {
      epochs: 'auto',
      batchSize: 128,
      trainCount: 'auto',
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      ...plain,
      evaluations: 20,
    },
    measurement: {
      count: 'auto',
      layers: 'auto',
      // nothing is estimated: any sampling would do
      ...{ replicas: 8, ownReplicas: 8, batches: 8, queries: 1 },
      tolerance: 1e-6,
    },
    compare: false,
    clustering: { inputs: 1000, pairs: 256 },
    save: { replicas: 0, weights: false },
  },
  quick: {
    epochs: 2,
    measurements: 2,
    seeds: [1, 2, 3],
    absent: { data: { trainImages: 4000, testImages: 1000 }, noiseStds: [0.1] },
  },
  full: {
    epochs: 10,
    measurements: 8,
    seeds: [1, 2, 3, 4, 5],
    absent: { data: { trainImages: 60_000, testImages: 10_000 }, noiseStds: [0.05, 0.1, 0.2, 0.5] },
  },
  panel: async (config) => {
    requirePanelled(config)
    const { mode, data, training } = config
    const short = `A quick run (${data.trainImages} images, ${training.epochs} epochs): its numbers show that it works; claims take --full.`
    const told = { noClaims: mode === 'quick' ? short : '', notes: tooWide(config) }
    return Promise.resolve(similarityPanel(conditionsOf(config), told))
  },
}

/** Without noise or dropout; with each noise; with the dropout of the configuration, if it has any. */
function conditionsOf(config: Config): Condition[] {
  const undropped = config.network.layers.map((layer) => (layer.type === 'dropout' ? { ...layer, rate: 0 } : layer))
  const noisy = noiseConditions({ ...config, network: { layers: undropped } })
  const rate = dropoutRate({ name: '', title: '', config })
  return rate > 0 ? [...noisy, { name: `dropout-${rate}`, title: `dropout ${rate}`, config }] : noisy
}

/** What the narrowest noisy layer would take under the largest noise. */
function tooWide({ network, noiseStds = [] }: Config): string[] {
  const hidden = network.layers.slice(0, -1).flatMap((layer) => ('width' in layer ? [layer.width] : []))
  if (hidden.length === 0 || noiseStds.length === 0) return []
  const [width, noise] = [Math.min(...hidden), Math.max(...noiseStds)]
  const samples = minimalSamples(width, noise).toPrecision(2)
  return [
    `I(X;T) is not estimated: even ${width} neurons with noise ${noise} take ${samples} samples or more in the worst case (METHOD 2.3).`,
  ]
}
