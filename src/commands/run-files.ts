/** What the files of a run are, in a few words each. */
import { basename, dirname, join, relative } from 'node:path'
import { counted } from '../report/numbers.js'

const contents: Record<string, string | undefined> = {
  'information.svg': 'the picture',
  'information.png': 'the picture, in pixels',
  'information.vl.json': 'the picture as a vega-lite specification',
  'neuron.png': 'the neuron through training, also as .svg and .vl.json',
  'plane.png': 'I(X;T) over the plane of weight and bias, likewise',
  'constellation.png': 'the neuron as a channel: I against SNR, likewise',
  'binning.png': 'I(X;Bin(T)) for every bin width, also as .svg and .vl.json',
  'noise-levels.png': 'I(X;T) against the noise, also as .svg and .vl.json',
  'spiral.png': 'h(T) of the last hidden layer against the samples, also as .svg and .vl.json',
  'test-errors.png': 'test errors and their differences, also as .svg and .vl.json',
  'similarity.png': 'cosine similarity through training, likewise',
  'clustering.png': 'binned entropy and tightness through training, likewise',
  'mixture.png': 'the picture, also as .svg and .vl.json',
  'reed-muller.png': 'the picture, also as .svg and .vl.json',
  training: 'losses and accuracies by epoch',
  information: 'I(X;T) by epoch and layer',
  rivals: 'what other estimators say, and exact values',
  'noise-levels': 'I(X;T) by noise and layer',
  entropies: 'estimates of h(T) by estimator, samples and repetition',
  clustering: 'distances, neural collapse and dimension of each layer, by class',
  'binned-entropies': 'H(Bin(S)) of each layer by bin width',
  histograms: 'activations, distances and cosines of each layer, counted',
  scatter: 'the last hidden layer of some inputs of the first seed, without noise',
  activations: 'samples of the layers, before their own noise',
  weights: 'weights, named as in PyTorch',
  similarity: 'cosine similarity to the reference, by layer and epoch',
  mixture: 'every estimate, beside what is true',
  'reed-muller': 'every estimate, beside what is true',
  'report.html': 'the report, one page',
  figures: 'figures of the report, and their numbers',
  export: 'tables for other programs',
  'run.json': 'configuration, versions, adapter, commands',
}

/** One line for each file that has a description, and one for each folder of files. */
export function describeFiles(paths: string[], folder: string): { path: string; what: string }[] {
  const inner = paths.map((path) => relative(folder, path))
  const names = inner.map((path) => (dirname(path) === '.' ? path : `${dirname(path)}/`))
  return [...new Set(names)].flatMap((name) => {
    const what = contents[name] ?? contents[basename(name).replace(/\.arrows?$/, '')]
    if (what === undefined) return []
    const files = names.filter((other) => other === name).length
    return [{ path: join(folder, name), what: name.endsWith('/') ? `${what} (${counted(files, 'file')})` : what }]
  })
}
