/** For each layer a figure that sets I(X;T) beside other numbers: binned entropies by width of the bins, and rivals. */
import { scheme } from 'vega'
import { curveFigure, type Curve, type Value } from './curve-figure.js'
import type { Figure } from './figure.js'
import { groupedBy } from './grouped.js'
import { at, common, depth, isNumber, runOf, type Overlay } from './layer-figures.js'
import { dashes, withRoom, type ColourPair } from './look.js'
import { visible } from './numbers.js'
import type { ReportCondition } from './report-condition.js'

type Condition = ReportCondition

/** Width k of n: from fine to coarse, light to dark; never black, which is I(X;T). */
export function widthColours(share: number): ColourPair {
  const colour = scheme('viridis') as unknown as (t: number) => string
  return [colour(0.78 - 0.63 * share), colour(0.35 + 0.6 * share)]
}

/** Estimators in order of appearance. */
export const rivalColours: readonly ColourPair[] = [
  ...([
    ['#0072b2', '#56b4e9'],
    ['#d55e00', '#ff9040'],
    ['#009e73', '#2fd0a0'],
    ['#cc79a7', '#e79cc6'],
  ] as const),
  ...([
    ['#8a6d00', '#f0e442'],
    ['#7d5fff', '#a894ff'],
    ['#5b6b7a', '#9fb0c0'],
    ['#9c3d1e', '#e08060'],
  ] as const),
]

export function binnedFigures(overlay: Overlay): (Figure | null)[] {
  return overlay.layers.map((layer) => {
    const rows = overlay.conditions.map(({ tables }) => tables['binned-entropies'].filter((row) => row.layer === layer))
    const widths = [...new Set(rows.flat().map((row) => row.bin_width))].sort((a, b) => a - b)
    if (widths.length === 0) return null
    const curves = widths.flatMap((width, k) =>
      overlay.conditions.map((condition, i): Curve => ({
        label: i === 0 ? String(width) : '',
        name: `H(Bin(T)), bins of ${width}${suffix(overlay, condition)}`,
        ...{
          colour: widthColours(depth(widths, k))[0],
          dash: dashes[i % dashes.length],
          layer,
          run: runOf(condition, i),
        },
        beside: 'nothing',
        values: rows[i].flatMap((row): Value[] =>
          row.bin_width === width && isNumber(row.h_bin) ? [{ ...at(row), value: row.h_bin }] : [],
        ),
      })),
    )
    return curveFigure({
      ...common(overlay, ''),
      subtitles: words(overlay),
      name: `binned-entropies-layer-${layer}`,
      title: `Layer ${layer}: bins of these widths beside I(X;T)`,
      caption: `H(Bin(T)) of layer ${layer} without noise, for each width of the bins, beside I(X;T) where there is an estimate. Bins tell of clusters on their own scale; they are no estimate of I(X;T).`,
      ...{ quantity: 'entropy, I(X;T)', unit: 'nats', digits: 4, includes: [0] },
      curves: [...curves, ...informationCurves(overlay, layer)],
    })
  })
}

export function rivalFigures(overlay: Overlay): (Figure | null)[] {
  const all = overlay.conditions.flatMap(({ tables }) => tables.rivals)
  const estimators = [...new Set(all.map(({ estimator }) => estimator))]
  return [...new Set(all.map(({ layer }) => layer))]
    .sort((a, b) => a - b)
    .map((layer) => {
      const curves = overlay.conditions.flatMap((condition, i) => {
        const own = condition.tables.rivals.filter((row) => row.layer === layer)
        const kinds = [...groupedBy(own, ({ estimator, parameter }) => `${estimator}\n${parameter}`).values()]
        return kinds.map((rows): Curve => {
          const [{ estimator, parameter }] = rows
          return {
            label: i === 0 ? visible(short(estimator, parameter)) : '',
            name: visible(`${estimator} ${parameter}`.trim()) + suffix(overlay, condition),
            colour: rivalColours[estimators.indexOf(estimator) % rivalColours.length][0],
            ...{ dash: dashes[i % dashes.length], layer, run: runOf(condition, i) },
            beside: 'nothing',
            values: rows.flatMap((row): Value[] => (isNumber(row.value) ? [{ ...at(row), value: row.value }] : [])),
          }
        })
      })
      return curveFigure({
        ...common(overlay, ''),
        subtitles: words(overlay),
        name: `rivals-layer-${layer}`,
        title: `Layer ${layer}: what others say`,
        caption: `Other estimators on the samples of layer ${layer}, neither corrected nor clamped, beside I(X;T). What each of them measures is said below.`,
        ...{ quantity: 'as each gives it', unit: 'nats', digits: 4, includes: [0] },
        curves: [...curves, ...informationCurves(overlay, layer)],
        look: withRoom(overlay.look, overlay.look.name === 'paper' ? 96 : 138),
      })
    })
}

/** What is drawn of several seeds: bands of all curves would hide each other. */
function words(overlay: Overlay): string[] {
  const most = Math.max(...overlay.conditions.map(({ seeds }) => seeds.length))
  const ends = most >= 10 ? '10th to 90th percentile' : 'lowest to highest'
  const [, ...others] = common(overlay, 'all').subtitles
  return [most < 2 ? 'band: 95 % interval of I(X;T)' : `medians of ${most} seeds; band: ${ends} of I(X;T)`, ...others]
}

/** Each estimator's line on what it measures, by name. */
export function rivalMeanings(conditions: readonly Condition[]): [estimator: string, measures: string][] {
  return [
    ...new Map(conditions.flatMap(({ tables }) => tables.rivals.map((row) => [row.estimator, row.measures] as const))),
  ]
}

function informationCurves(overlay: Overlay, layer: number): Curve[] {
  return overlay.conditions.map((condition, i) => ({
    label: i === 0 ? 'I(X;T)' : '',
    name: `I(X;T)${suffix(overlay, condition)}`,
    ...{ colour: '#111111', dash: dashes[i % dashes.length], layer, run: runOf(condition, i) },
    beside: 'band',
    values: condition.tables.information.flatMap((row): Value[] =>
      row.layer === layer && isNumber(row.mi_corrected)
        ? [{ ...at(row), value: row.mi_corrected, low: row.mi_low, high: row.mi_high }]
        : [],
    ),
  }))
}

const suffix = ({ conditions }: Overlay, { name }: Condition) => (conditions.length > 1 ? `, ${visible(name)}` : '')

/** Room for some twenty characters. */
function short(estimator: string, parameter: string): string {
  const names: Record<string, string> = { 'kolchinsky-tracey': 'K-T', 'kozachenko-leonenko': 'K-L', binned: '' }
  const text = `${names[estimator] ?? estimator} ${parameter}`.trim()
  return text.length > 21 ? `${text.slice(0, 20)}…` : text
}
