/**
 * What past work measured: the layer without its noise, cut into bins. I(X;Bin(T)) is the information about which bin
 * an activation falls into. In a deterministic layer it is H(Bin(T)), a measure of clustering on the scale of the
 * bins: it goes from 0 to log m as they shrink, while the layer stays the same. Counts are exact: no bin is lost to a
 * collision.
 */
import { InputError } from '../errors.js'
import type { Samples } from '../samples/samples.js'
import { codesOf, conditionalEntropy, entropyOf, inputCodes, pairsOf, rowProbabilities } from './codes.js'
import type { Codes } from './codes.js'

/**
 * width: bins centred on the multiples of `width`, a value on an edge to the bin nearer 0: saturated neurons, at 1 or a
 * rounding below it, share a bin at every width, and bins of width 2 tell nothing about tanh. count: so many equal bins
 * from `low` to `high`, by default each neuron's own range; what lies outside falls into the first or last
 * (30 over [-1, 1]: Shwartz-Ziv and Tishby 2017).
 */
export type Binning = { width: number } | { count: number; low?: number; high?: number }

/** In nats, for X with the probabilities p(x) of the samples. */
export interface BinnedInformation {
  /** H(Bin(T)). */
  h_bin: number
  /** H(Bin(T)|X): exactly 0 where each input has one bin. */
  h_bin_given_x: number
  /** I(X;Bin(T)) = H(Bin(T)) - H(Bin(T)|X). */
  mi: number
  /** I(Y;Bin(T)); null without labels. */
  label_mi: number | null
  /** H(Bin(T)) / log m for m inputs; null for one input. */
  normalised: number | null
}

/** Of the tuple of all neurons' bins. InputError on a width or a count that is not one. */
export function binnedInformation(samples: Samples, binning: Binning): BinnedInformation {
  let bins: Codes = { of: new Uint32Array(samples.count), count: 1 }
  for (let neuron = 0; neuron < samples.width && bins.count < samples.count; neuron++) {
    bins = pairsOf(bins, neuronBins(samples, neuron, binning))
  }
  return informationOf(samples)(bins)
}

/** Of each neuron by itself. InputError as above. */
export function binnedNeurons(samples: Samples, binning: Binning): BinnedInformation[] {
  const information = informationOf(samples)
  return Array.from({ length: samples.width }, (_, neuron) => information(neuronBins(samples, neuron, binning)))
}

function informationOf(samples: Samples): (bins: Codes) => BinnedInformation {
  const inputs = inputCodes(samples)
  const labels = samples.y && codesOf(samples.y)
  const probabilities = rowProbabilities(samples)
  return (bins) => {
    const entropy = entropyOf(bins, probabilities)
    const givenX = conditionalEntropy(bins, inputs, probabilities)
    return {
      h_bin: entropy,
      h_bin_given_x: givenX,
      mi: entropy - givenX,
      label_mi: labels && entropy - conditionalEntropy(bins, labels, probabilities),
      normalised: inputs.count > 1 ? entropy / Math.log(inputs.count) : null,
    }
  }
}

function neuronBins({ s, count, width }: Samples, neuron: number, binning: Binning): Codes {
  const values = Float64Array.from({ length: count }, (_, i) => s[i * width + neuron])
  return codesOf('width' in binning ? ofWidth(values, binning.width) : ofCount(values, binning))
}

function ofWidth(values: Float64Array, width: number): Float64Array {
  if (!(width > 0 && width < Infinity)) throw new InputError(`bin width: found ${width}, expected a number above 0`)
  return values.map((value) => binOf(value, width))
}

/** Number of the bin of this width that holds a value: see Binning. */
export function binOf(value: number, width: number): number {
  return Math.sign(value) * Math.ceil(Math.abs(value) / width - 0.5)
}

function ofCount(values: Float64Array, binning: { count: number; low?: number; high?: number }): Float64Array {
  const { count, low = least(values), high = most(values) } = binning
  if (!(Number.isInteger(count) && count > 0)) {
    throw new InputError(`bins: found ${count}, expected a whole number above 0`)
  }
  if (!(low <= high)) throw new InputError(`bins: found the range ${low} to ${high}, expected its lower end first`)
  if (low === high) return values.map((value) => (value < low ? 0 : count - 1))
  return values.map((value) => Math.min(count - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * count))))
}

const least = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b), Infinity)
const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), -Infinity)
