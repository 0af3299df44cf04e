/**
 * Codes over a Gaussian channel. First panel: information a use against the signal-to-noise ratio, all words summed over, below the
 * capacity (dotted) and the information of free bits (dashed); short rules on the right are (k/d) log 2. Others: information of a
 * word from n sampled words, mean, lowest and highest of the repetitions, beside what all words or a quadrature give.
 */
import type { TopLevelSpec } from 'vega-lite'
import { constellationInformation } from '../math/quadrature.js'
import type { Part } from './epoch-axis.js'
import { estimatorColours } from './mixture-picture.js'
import { fixed } from './numbers.js'
import { spread } from './panel.js'
import { framed, ink, layerColour, quiet } from './theme.js'

interface Curve {
  name: string
  snr_db: number
  dimension: number
  mi_corrected: number | null
  low: number | null
  high: number | null
  bound_words: number
}

export interface ReedMullerPicture {
  title: string
  subtitle: string
  curves: readonly Curve[]
  sampled: readonly {
    name: string
    snr: number
    /** k. */
    words: number
    reference: number | null
    values: readonly { samples: number; estimator: string; value: number; low: number; high: number }[]
  }[]
}

const wide = { width: 560, height: 300 }
/** Colours of codes and of estimators are not one scale. */
const resolve = { scale: { color: 'independent' } }
const small = { width: 260, height: 150 }

export function reedMullerSpecification({ title, subtitle, curves, sampled }: ReedMullerPicture): TopLevelSpec {
  const notes = [
    subtitle,
    'dotted: capacity (1/2) log(1 + SNR); dashed: free bits; bands: 95 % intervals',
    ...(sampled.length > 0
      ? ['small panels: from n sampled words; bands: lowest to highest repetition; black: I; grey: log n']
      : []),
  ]
  const panels = sampled.map((one, i) => sampledPanel(one, i === Math.min(1, sampled.length - 1)))
  const views: Part[] = curves.length > 0 ? [curvePanel(curves)] : []
  if (panels.length > 0)
    views.push({ columns: 2, resolve, align: 'each', spacing: { row: 18, column: 24 }, concat: panels })
  return framed(title, notes, { spacing: 24, resolve, vconcat: views })
}

function curvePanel(curves: readonly Curve[]): Part {
  const names = [...new Set(curves.map(({ name }) => name))]
  const colours = names.map((_, i) => layerColour(i / Math.max(1, names.length - 1)))
  const color = { field: 'name', type: 'nominal', legend: null, scale: { domain: names, range: colours } }
  const snrs = curves.map(({ snr_db }) => snr_db)
  const domain = [Math.min(...snrs), Math.max(...snrs)]
  const ends = names.map(
    (name) => curves.find((one) => one.name === name)!.bound_words / curves.find((one) => one.name === name)!.dimension,
  )
  const top = 1.12 * Math.LN2
  const values = curves.flatMap(({ name, snr_db, dimension, mi_corrected, low, high }) =>
    mi_corrected === null
      ? []
      : [{ name, snr_db, value: mi_corrected / dimension, low: low! / dimension, high: high! / dimension }],
  )
  const lowest = Math.min(0, ...values.map(({ low }) => low))
  const places = spread(ends, (13 * top) / wide.height, [lowest, top])
  const x = { field: 'snr_db', type: 'quantitative', title: 'signal to noise, 10 log10(1 / noise²) [dB]' }
  return {
    ...wide,
    encoding: {
      x: { ...x, scale: { domain, nice: false } },
      y: {
        field: 'value',
        type: 'quantitative',
        title: 'I(S;S+Z) a use [nats]',
        scale: { domain: [lowest, top], nice: false },
      },
    },
    layer: [
      ...bounds(domain, top),
      {
        data: { values },
        mark: { type: 'area', opacity: 0.2 },
        encoding: { color, y: { field: 'low' }, y2: { field: 'high' } },
      },
      { data: { values }, mark: { type: 'line', strokeWidth: 1.9 }, encoding: { color } },
      { data: { values }, mark: { type: 'point', filled: true, size: 26, opacity: 1 }, encoding: { color } },
      ...names.flatMap((name, i) =>
        codeEnd(`${name}: (k/d) log 2 = ${fixed(ends[i], 3)}`, colours[i], ends[i], places[i]),
      ),
    ],
  }
}

/** The rate of a code, as a rule and a name right of the panel. */
function codeEnd(text: string, color: string, value: number, label: number): Part[] {
  const data = { values: [{ value, label }] }
  const rule = { x: { value: wide.width }, x2: { value: wide.width + 14 } }
  const name = { type: 'text', text, color, align: 'left', baseline: 'middle', fontSize: 11.5, fontWeight: 600 }
  return [
    { data, mark: { type: 'rule', color, strokeWidth: 1.6 }, encoding: rule },
    { data, mark: name, encoding: { x: { value: wide.width + 19 }, y: { field: 'label', type: 'quantitative' } } },
  ]
}

function bounds([from, to]: number[], top: number): Part[] {
  const snrs = Array.from({ length: 121 }, (_, i) => from + ((to - from) * i) / 120)
  const capacity = snrs.map((snr_db) => ({ snr_db, value: Math.log1p(10 ** (snr_db / 10)) / 2 }))
  const bits = (noise: number) => constellationInformation([-1, 1], [0.5, 0.5], noise).information
  const free = snrs.map((snr_db) => ({ snr_db, value: bits(10 ** (-snr_db / 20)) }))
  const line = { type: 'line', color: quiet, strokeWidth: 1.4 }
  return [
    { data: { values: capacity.filter(({ value }) => value <= top) }, mark: { ...line, strokeDash: [1.5, 3] } },
    { data: { values: free }, mark: { ...line, strokeDash: [6, 4] } },
  ]
}

function sampledPanel(
  { name, snr, words, reference, values }: ReedMullerPicture['sampled'][number],
  named: boolean,
): Part {
  const sizes = [...new Set(values.map(({ samples }) => samples))].sort((a, b) => a - b)
  const scale = { domain: estimatorColours.map(([one]) => one), range: estimatorColours.map(([, colour]) => colour) }
  const color = { field: 'estimator', type: 'nominal', legend: null, scale }
  const all = [...values.flatMap(({ low, high }) => [low, high]), ...(reference === null ? [] : [reference])]
  const top = Math.max(0, ...all) * 1.08
  const domain = [Math.min(0, ...all), top]
  const ceiling = sizes.map((samples) => ({ samples, value: Math.log(samples) })).filter(({ value }) => value <= top)
  const text = reference === null ? '' : `, I = ${fixed(reference, 3)}`
  return {
    ...small,
    title: {
      text: `${name}, 2^${words} words, ${fixed(snr, 0)} dB${text}`,
      fontSize: 12.5,
      anchor: 'start',
      offset: 4,
    },
    encoding: {
      x: {
        ...{ field: 'samples', type: 'quantitative', title: 'sampled words n' },
        scale: { type: 'log', domain: [sizes[0], sizes.at(-1)], nice: false },
        axis: { values: sizes, format: '~d', labelOverlap: 'greedy', labelFlush: false },
      },
      y: { field: 'value', type: 'quantitative', title: 'I(S;S+Z) [nats]', scale: { domain, nice: false } },
    },
    layer: [
      { data: { values: ceiling }, mark: { type: 'line', color: quiet, strokeDash: [4, 3], strokeWidth: 1 } },
      ...(reference === null ? [] : [referenceLine(reference)]),
      {
        data: { values },
        mark: { type: 'area', opacity: 0.2 },
        encoding: { color, y: { field: 'low' }, y2: { field: 'high' } },
      },
      { data: { values }, mark: { type: 'line', strokeWidth: 1.8 }, encoding: { color } },
      { data: { values }, mark: { type: 'point', filled: true, size: 22, opacity: 1 }, encoding: { color } },
      ...(named ? legend() : []),
    ],
  }
}

function referenceLine(value: number): Part {
  const across = { x: { value: 0 }, x2: { value: small.width } }
  return { data: { values: [{ value }] }, mark: { type: 'rule', color: ink, strokeWidth: 1 }, encoding: across }
}

function legend(): Part[] {
  return estimatorColours.map(([text, color], i) => ({
    data: { values: [{}] },
    mark: { type: 'text', text, color, align: 'left', fontSize: 11.5, fontWeight: 600 },
    encoding: { x: { value: small.width + 12 }, y: { value: 10 + 15 * i } },
  }))
}
