/** Figures with a curve for each layer: information, what of it is not about the label, and distances. */
import { bandWords, curveFigure, type Curve, type Value } from './curve-figure.js'
import type { EpochAxis } from './epoch-axis.js'
import type { Figure } from './figure.js'
import { dashes, layerColours, type Look } from './look.js'
import { fixed, visible } from './numbers.js'
import { layersOf, type ReportCondition } from './report-condition.js'

/** What every figure of a report is made from. */
export interface Overlay {
  conditions: ReportCondition[]
  /** Layers of any condition, ascending. */
  layers: number[]
  axis: EpochAxis
  look: Look
}

type Condition = ReportCondition

export function informationFigure(overlay: Overlay): Figure | null {
  const { conditions } = overlay
  const inputs = new Set(
    conditions.flatMap(({ tables }) => tables.information.filter(isEnumerated).map((row) => row.inputs)),
  )
  const [count] = inputs
  const across =
    inputs.size === 1 ? { value: Math.log(count), text: `log ${count} = ${fixed(Math.log(count), 3)} nats` } : undefined
  const weak = conditions.some(({ tables }) => tables.information.some(isWeak))
  return curveFigure({
    ...common(overlay, '95 % intervals'),
    name: 'information',
    title: 'What each layer knows about its input',
    caption: `I(X;T), corrected for bias, against epoch.${weak ? ' Hollow points: too few replicas (step ratio above 0.65); bias may exceed the interval.' : ''}`,
    ...{ quantity: 'I(X;T)', unit: 'nats', digits: 4, includes: [0, ...(across ? [across.value] : [])], across },
    curves: layerCurves(overlay, ({ tables }, layer) =>
      tables.information.flatMap((row): Value[] =>
        row.layer === layer && isNumber(row.mi_corrected)
          ? [{ ...at(row), value: row.mi_corrected, low: row.mi_low, high: row.mi_high, hollow: isWeak(row) }]
          : [],
      ),
    ),
  })
}

export function differenceFigure(overlay: Overlay): Figure | null {
  return curveFigure({
    ...common(overlay, ''),
    name: 'information-beyond-label',
    title: 'What of it is not about the label',
    caption:
      'I(X;T) - I(Y;T) against epoch: what a layer keeps of its input beside the label. One seed alone has no interval here: both estimates come from the same samples.',
    ...{ quantity: 'I(X;T) - I(Y;T)', unit: 'nats', digits: 4, includes: [0] },
    curves: layerCurves(overlay, ({ tables }, layer) =>
      tables.information.flatMap((row): Value[] =>
        row.layer === layer && isNumber(row.mi_corrected) && isNumber(row.label_mi_corrected)
          ? [{ ...at(row), value: row.mi_corrected - row.label_mi_corrected }]
          : [],
      ),
    ),
  })
}

export function distanceFigures(overlay: Overlay): (Figure | null)[] {
  return (['within', 'between'] as const).map((kind) =>
    curveFigure({
      ...common(overlay, 'quartiles of the pairs'),
      name: `distances-${kind}`,
      title: kind === 'within' ? 'How far apart inputs of one class lie' : 'How far apart inputs of two classes lie',
      caption: `Median distance of two inputs of ${kind === 'within' ? 'the same class' : 'different classes'} in each layer, without noise, against epoch.`,
      ...{ quantity: 'distance', unit: 'activation', digits: 4, includes: [0] },
      curves: layerCurves(overlay, ({ tables }, layer) =>
        tables.clustering.flatMap((row): Value[] => {
          const value = row[`${kind}_median`]
          const ends = { low: row[`${kind}_q25`], high: row[`${kind}_q75`] }
          return row.layer === layer && isNumber(value) ? [{ ...at(row), value, ...ends }] : []
        }),
      ),
    }),
  )
}

/** A curve for each layer and condition; names stand at those of the first. */
function layerCurves(
  { conditions, layers }: Overlay,
  values: (condition: Condition, layer: number) => Value[],
): Curve[] {
  return layers.flatMap((layer, k) =>
    conditions.map((condition, i) => ({
      label: i === 0 ? `layer ${layer}` : '',
      name: `layer ${layer}${conditions.length > 1 ? `, ${visible(condition.name)}` : ''}`,
      colour: layerColours(depth(layers, k))[0],
      ...{ dash: dashes[i % dashes.length], layer, run: runOf(condition, i), values: values(condition, layer) },
    })),
  )
}

export const depth = (layers: readonly unknown[], k: number) => k / Math.max(1, layers.length - 1)

export const runOf = ({ name, seeds }: Condition, index: number) => ({
  index,
  name: visible(name),
  seeds: seeds.length,
})

/** Words under the title: what the bands are, and whose the dashes. */
export function common({ conditions, axis, look }: Overlay, ofOne: string) {
  const words = bandWords(
    conditions.map(({ seeds }) => seeds.length),
    ofOne && `bands: ${ofOne}`,
  )
  return { subtitles: [words, dashWords(conditions)].filter((text) => text !== ''), axis, look }
}

const dashNames = ['solid', 'dashed', 'dotted', 'dash-dotted', 'short dashes', 'long dashes']

function dashWords(conditions: Condition[]): string {
  if (conditions.length < 2) return ''
  return conditions.map(({ name }, i) => `${dashNames[i % dashNames.length]}: ${name}`).join('; ')
}

/** Layers of all conditions, ascending. */
export function allLayers(conditions: readonly Condition[]): number[] {
  return [...new Set(conditions.flatMap(layersOf))].sort((a, b) => a - b)
}

export const at = ({ seed, epoch }: { seed: number; epoch: number }) => ({ seed, epoch })
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isWeak = ({ step_ratio }: { step_ratio: number | null }) => step_ratio !== null && step_ratio > 0.65
const isEnumerated = ({ regime }: { regime: string }) => regime === 'exact' || regime === 'all'
