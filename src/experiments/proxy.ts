/**
 * COST   quick: two to three minutes on 2 cores with the embedded software adapter, two seeds under six conditions; --full: 10,000
 *        epochs, four seeds; its time is printed before it starts. Nothing is estimated: distances and bins are what takes time.
 * SHOWS  whether a noisy network is a good proxy of the deterministic one that is trained from the same weights, on the same batches:
 *        what the noise costs in test error, how alike both represent an input, layer by layer, and whether the binned entropy
 *        of both rises and falls together; from noise 0.001, which changes little, to 0.1.
 * FROM   Goldfeld et al. 2019 (arXiv 1810.05728), who compare noisy and deterministic networks; network and training of `szt`
 *        (METHOD 5.2, 5.4). Noises, seeds, the quick run's epochs and the bounds of the claims are ours.
 */
import type { Config } from './config.js'
import type { Condition, ExperimentDefinition } from './definition.js'
import { requirePanelled, similarityPanel } from './similarity-panel.js'
import { szt } from './szt.js'

export const proxy: ExperimentDefinition = {
  name: 'proxy',
  title: 'Noisy against deterministic 12-10-7-5-4-3-2 tanh networks',
  shows:
    'The network of szt without noise and with noise from 0.001 to 0.1, from the same weights on the same batches: test ' +
    'errors, how alike they represent an input, and whether their binned entropies move together.',
  data: szt.data,
  defaults: {
    ...szt.defaults,
    experiment: 'proxy',
    noise: { std: 0 },
    // nothing is estimated: any sampling would do
    measurement: { ...szt.defaults.measurement, layers: [], replicas: 8, ownReplicas: 8, batches: 8, queries: 1 },
    noiseStds: [0.001, 0.005, 0.01, 0.05, 0.1],
    clustering: { inputs: 4096, pairs: 512 },
  },
  quick: { epochs: 2000, measurements: 24, seeds: [1, 2] },
  full: { epochs: 10_000, measurements: 84, seeds: [1, 2, 3, 4] },
  panel: async (config) => {
    requirePanelled(config)
    return Promise.resolve(similarityPanel(noiseConditions(config), { noClaims: '', notes: [] }))
  },
}

/** The reference without noise, then each noise of the configuration, ascending. */
export function noiseConditions(config: Config): Condition[] {
  const noises = [...new Set(config.noiseStds)].sort((a, b) => a - b)
  return [
    { name: 'deterministic', title: 'deterministic', config },
    ...noises.map((std) => ({ name: `noise-${std}`, title: `noise ${std}`, config: { ...config, noise: { std } } })),
  ]
}
