/**
 * COST   quick: about two minutes on 2 cores with the embedded software adapter, most of them training; --full: 10,000
 *        epochs. Bins are counted on the processor, a quarter of a second for each of the measurements.
 * SHOWS  I(X;Bin(T)) of a network without noise, which past work took for I(X;T): between bin widths 2 and 0.0001 it goes
 *        from 0 to log 4096, and at widths in between it moves up and down through training. I(X;T) itself is H(X) all
 *        along, as no two inputs share an activation: what moved were clusters of activations on the scale of the bins.
 * FROM   Goldfeld et al. 2019 (arXiv 1810.05728), after Shwartz-Ziv and Tishby 2017 (30 bins over [-1, 1]: width 0.067) and
 *        Saxe et al. 2018 (width 0.07): the network of `szt` with noise 0 (METHOD 5.2, 3). The list of widths is ours.
 */
import type { ExperimentDefinition } from './definition.js'
import { szt } from './szt.js'

export const binning: ExperimentDefinition = {
  name: 'binning',
  title: 'I(X;Bin(T)) in a 12-10-7-5-4-3-2 tanh network without noise',
  shows:
    'The network of szt without noise, its activations cut into bins, as past work did: I(X;Bin(T)) depends on the bin ' +
    'width, from 0 to log 4096, while I(X;T) is constant.',
  data: szt.data,
  defaults: {
    ...szt.defaults,
    experiment: 'binning',
    seeds: [1],
    noise: { std: 0 },
    // nothing is estimated without noise: any sampling would do
    measurement: { ...szt.defaults.measurement, replicas: 16, ownReplicas: 16, batches: 16, queries: 1 },
    binWidths: [2, 1, 0.5, 0.2, 0.1, 0.07, 0.05, 0.02, 0.01, 1e-3, 1e-4],
  },
  quick: { measurements: 40 },
  full: szt.full,
  companion: async (config, data) => (await import('./binning-companion.js')).binningCompanion(config, data),
}
