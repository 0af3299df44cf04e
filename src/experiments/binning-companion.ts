/** What `infoflow run binning` adds: I(X;Bin(T)) of every layer for every bin width, as rows of rivals.arrow and a picture. */
import type { DataSet } from '../data/dataset.js'
import { InputError } from '../errors.js'
import type { BinnedValue } from '../report/binning-picture.js'
import { fixed, percent, wrapped } from '../report/numbers.js'
import { binnedInformation } from '../rivals/binned.js'
import { codesOf, entropyOf, pairsOf, type Codes } from '../rivals/codes.js'
import type { Samples } from '../samples/samples.js'
import type { RivalRow } from '../tables/rows.js'
import type { Config } from './config.js'
import type { Companion } from './definition.js'
import { remembered } from './memory.js'
import { requireOneSeed } from './seeds.js'

/** @throws InputError: a network with noise, whose I(X;T) is no matter of bins */
export async function binningCompanion(config: Config, data: DataSet): Promise<Companion> {
  const { noise, binWidths = [] } = config
  requireOneSeed(config)
  if (noise.std !== 0) throw new InputError(`noise.std: ${noise.std} is not 0, what 'binning' is about: try szt`)
  await Promise.resolve()
  const values: Counted[] = []
  return {
    async looked(look, recorder) {
      const found: Counted[] = []
      for (const { layer, dimension } of look.rows) {
        const s = await look.activations(layer)
        const samples = { count: data.count, width: dimension, s, x: null, y: data.labels, weights: null }
        found.push(...counted(samples, layer, look.epoch, binWidths))
      }
      recorder.rival(...found.map((one) => rivalRow(one, look.seed, data.count)))
      values.push(...found)
    },
    async draw(folder, { title, subtitle }) {
      if (values.length === 0) return []
      const { binningSpecification } = await import('../report/binning-picture.js')
      const { writePicture } = await import('../report/picture.js')
      return writePicture('binning', binningSpecification({ title, subtitle, values, inputs: data.count }), folder)
    },
    words: () => words(values, data.count),
    ...remembered(values),
  }
}

/** A value of the picture and of the table; `distinct`: how many different activations there are, where no bins were used. */
interface Counted extends BinnedValue {
  distinct: number | null
  seconds: number
}

/** A layer in bins of every width, and without bins. */
function counted(samples: Samples, layer: number, epoch: number, binWidths: number[]): Counted[] {
  const place = { epoch, layer, dimension: samples.width }
  const binned = binWidths.map((binWidth): Counted => {
    const [value, seconds] = timed(() => binnedInformation(samples, { width: binWidth }).mi)
    return { ...place, binWidth, value, distinct: null, seconds }
  })
  const [tuples, seconds] = timed(() => tupleCodes(samples))
  const value = entropyOf(tuples, new Float64Array(samples.count).fill(1 / samples.count))
  return [...binned, { ...place, binWidth: null, value, distinct: tuples.count, seconds }]
}

function timed<T>(work: () => T): [result: T, seconds: number] {
  const start = performance.now()
  return [work(), (performance.now() - start) / 1000]
}

function rivalRow(
  { epoch, layer, dimension, binWidth, value, seconds }: Counted,
  seed: number,
  points: number,
): RivalRow {
  const who =
    binWidth === null
      ? {
          estimator: 'distinct',
          parameter: 'f32',
          measures: 'H(S) of the activations as f32 numbers: I(X;T) without noise',
        }
      : { estimator: 'binned', parameter: `width=${binWidth}`, measures: binMeaning }
  return { seed, epoch, layer, dimension, ...who, quantity: 'mi', value, se: null, points, seconds }
}

const binMeaning = 'H(Bin(S)): clustering on the scale of the bins, not I(X;T)'

/** Which rows are equal, number for number. */
function tupleCodes({ s, count, width }: Samples): Codes {
  let codes: Codes = { of: new Uint32Array(count), count: 1 }
  for (let neuron = 0; neuron < width; neuron++) {
    codes = pairsOf(codes, codesOf(Float64Array.from({ length: count }, (_, i) => s[i * width + neuron])))
  }
  return codes
}

/** What depends on the bins, in the deepest layer, and what does not. */
function words(values: Counted[], inputs: number): string {
  if (values.length === 0) return ''
  const layer = Math.max(...values.map((one) => one.layer))
  const last = Math.max(...values.map((one) => one.epoch))
  const deepest = values.filter((one) => one.layer === layer)
  const ends = deepest.filter((one) => one.epoch === last && one.binWidth !== null)
  const sorted = [...ends].sort((a, b) => b.binWidth! - a.binWidth!)
  const list = sorted.map(({ binWidth, value }) => `${fixed(value, 2)} (${binWidth})`).join(', ')
  const ceiling = `log ${inputs} = ${fixed(Math.log(inputs))}`
  return [
    `I(X;Bin(T)) of layer ${layer} after epoch ${last}, nats by bin width: ${list}; ${ceiling}.${moved(deepest)}`,
    constancy(values, inputs),
  ]
    .map((text) => wrapped(text))
    .join('\n')
}

/** The width whose curve moved most through training. */
function moved(values: Counted[]): string {
  const widths = [...new Set(values.flatMap(({ binWidth }) => (binWidth === null ? [] : [binWidth])))]
  const ranges = widths.map((width) => {
    const own = values.filter(({ binWidth }) => binWidth === width)
    const low = own.reduce((least, one) => (one.value < least.value ? one : least))
    const high = own.reduce((most, one) => (one.value > most.value ? one : most))
    return { width, low, high, range: high.value - low.value }
  })
  const most = ranges.reduce((best, one) => (one.range > best.range ? one : best))
  if (!(most.range > 0.1)) return ''
  const { width, low, high } = most
  return ` With width ${width} it moved between ${fixed(low.value, 2)} (epoch ${low.epoch}) and ${fixed(high.value, 2)} (epoch ${high.epoch}).`
}

/** I(X;T) = H(S), counted on the f32 numbers themselves. */
function constancy(values: Counted[], inputs: number): string {
  const exact = values.filter(({ binWidth }) => binWidth === null)
  const fewest = exact.reduce((least, one) => (one.distinct! < least.distinct! ? one : least))
  const ending = 'what moved were the bins.'
  if (fewest.distinct === inputs) {
    return (
      `I(X;T) is constant: in each layer, at each of the epochs measured, all ${inputs} inputs have activations of their ` +
      `own (as f32 numbers), so that I(X;T) = H(X) = ${fixed(Math.log(inputs))} nats, with no noise to lose any: ${ending}`
    )
  }
  const share = exact.filter(({ distinct }) => distinct! < inputs).length / exact.length
  return (
    `I(X;T) is H(X) = ${fixed(Math.log(inputs))} nats where no two inputs share an activation: ${ending} As f32 numbers ` +
    `some do, in ${percent(share)} of the layers and epochs measured: the fewest different ones are ${fewest.distinct} of ` +
    `${inputs} (layer ${fewest.layer}, epoch ${fewest.epoch}), H(S) = ${fixed(fewest.value)} nats. That is rounding, ` +
    `where neurons saturate; bins finer than f32 itself do not exist.`
  )
}
