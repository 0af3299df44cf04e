/** The information plane: I(Y;T) against I(X;T) of each layer, a point a measurement, coloured by epoch. */
import { scheme } from 'vega'
import { median } from '../math/statistics.js'
import { valueText } from './curve-figure.js'
import { placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import { figureSpecification, type Figure } from './figure.js'
import { groupedBy } from './grouped.js'
import { isNumber, runOf, type Overlay } from './layer-figures.js'
import { dashes, layerColours, plotHeight, plotWidth, withRoom, type Look } from './look.js'
import { fixed, ranges, visible } from './numbers.js'

interface PlaneRow {
  epoch: number
  place: number
  series: string
  layer: number
  run: string
  mi: number
  label_mi: number
}

/** Steps of the colours, ends left out that vanish on white or black. */
const shades = Array.from({ length: 9 }, (_, i) =>
  (scheme('viridis') as unknown as (t: number) => string)(0.2 + (0.7 * i) / 8),
)

export function informationPlane(overlay: Overlay): Figure | null {
  const { conditions, layers, axis } = overlay
  const look = withRoom(overlay.look, overlay.look.name === 'paper' ? 54 : 78)
  const series = layers.flatMap((layer, k) => conditions.map((condition, run) => ({ layer, k, condition, run })))
  const found = series
    .map((one) => ({
      ...one,
      medians: mediansOf(one.condition.tables.information.filter((row) => row.layer === one.layer)),
    }))
    .filter(({ medians }) => medians.length > 0)
  if (found.length === 0) return null
  const rows = found.map(({ layer, condition, medians }, i): PlaneRow[] =>
    medians.map((point) => ({
      ...{
        epoch: point.epoch,
        place: placeOf(point.epoch, axis),
        series: String(i),
        layer,
        run: visible(condition.name),
      },
      ...{ mi: point.mi, label_mi: point.label_mi },
    })),
  )
  const size = { width: plotWidth(look), height: plotHeight(look) }
  const all = rows.flat()
  const title = 'The information plane'
  const several = conditions.some(({ seeds }) => seeds.length > 1)
  const subtitles = [`a point for each measurement${several ? ', medians over seeds' : ''}`]
  const parts = found.flatMap(({ k, run }, i) =>
    planeLayers(
      i,
      layerColours(k / Math.max(1, layers.length - 1))[0],
      dashes[run % dashes.length],
      axis,
      look,
      size.height,
    ),
  )
  const encoding = { x: axisOf(all, 'mi', 'I(X;T) [nats]'), y: axisOf(all, 'label_mi', 'I(Y;T) [nats]') }
  const ended = found.flatMap(({ run }, i) => (run === 0 ? [{ index: i, last: rows[i].at(-1)! }] : []))
  const names = together(ended, [spanOf(encoding.x), spanOf(encoding.y)]).map((group) => nameLayers(group, look))
  const views = { encoding, layer: [...parts, ...names] }
  return {
    ...{ name: 'information-plane', title, look, rows: all },
    caption:
      'I(Y;T), what a layer knows about the label, against I(X;T), what it knows about the input, through training; colours are epochs.',
    alternative: `${title}. ${found.map(({ layer }, i) => `layer ${layer}: ${ends(rows[i])}`).join(' ')}`,
    specification: figureSpecification(look, size, [title, ...subtitles], all, views),
    curves: found.map(({ layer, run, condition }, i) => ({
      ...{ key: `c${i}`, unit: 'nats', layer, run },
      name: `layer ${layer}${conditions.length > 1 ? `, ${runOf(condition, run).name}` : ''}`,
      points: rows[i].map(({ epoch, mi, label_mi }) => ({ epoch, x: mi, y: label_mi, text: pointText(mi, label_mi) })),
    })),
  }
}

type Row = Overlay['conditions'][number]['tables']['information'][number]

function mediansOf(rows: Row[]): { epoch: number; mi: number; label_mi: number }[] {
  const both = rows.filter((row) => isNumber(row.mi_corrected) && isNumber(row.label_mi_corrected))
  return [...groupedBy(both, ({ epoch }) => epoch)]
    .sort(([a], [b]) => a - b)
    .map(([epoch, own]) => ({
      epoch,
      mi: median(own.map((row) => row.mi_corrected!)),
      label_mi: median(own.map((row) => row.label_mi_corrected!)),
    }))
}

const pointText = (mi: number, label: number) =>
  `I(X;T) ${valueText(mi, null, null, 4, 'nats')}, I(Y;T) ${valueText(label, null, null, 4, 'nats')}`

function ends(rows: PlaneRow[]): string {
  const said = ({ epoch, mi, label_mi }: PlaneRow) =>
    `I(X;T) ${fixed(mi)} and I(Y;T) ${fixed(label_mi)} nats at epoch ${epoch}`
  return `${said(rows[0])}, ${said(rows[rows.length - 1])}.`
}

function axisOf(rows: PlaneRow[], field: 'mi' | 'label_mi', title: string): Part {
  const values = rows.map((row) => row[field])
  const [low, high] = [Math.min(0, ...values), Math.max(...values)]
  const scale = { domain: [low < 0 ? 1.05 * low : 0, high > 0 ? 1.06 * high : 1], nice: false, zero: false }
  return { field, type: 'quantitative', title, scale, axis: { tickCount: 6 } }
}

function planeLayers(
  index: number,
  stroke: string,
  dash: readonly number[],
  axis: EpochAxis,
  look: Look,
  height: number,
): Part[] {
  const transform = [{ filter: `datum.series === '${index}'` }]
  const legend = {
    ...{
      title: 'epoch',
      orient: 'right',
      offset: 10,
      gradientLength: 0.7 * height,
      gradientThickness: 9,
      values: axis.ticks,
    },
    labelExpr: "datum.value < 1 ? '0' : format(datum.value, '~s')",
  }
  const color = {
    field: 'place',
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, range: shades, nice: false },
    legend,
  }
  const order = { field: 'epoch', type: 'quantitative' }
  const line = {
    type: 'line',
    color: stroke,
    strokeWidth: 0.6 * look.line,
    strokeDash: dash,
    opacity: 0.8,
    aria: false,
  }
  const dots = { type: 'point', filled: true, size: 1.7 * look.point, opacity: 1, aria: false }
  return [
    { name: `c${index}_line`, transform, mark: line, encoding: { order } },
    { name: `c${index}_dots`, transform, mark: dots, encoding: { color } },
  ]
}

interface End {
  index: number
  last: PlaneRow
}

const spanOf = ({ scale }: Part) => {
  const [low, high] = (scale as { domain: number[] }).domain
  return high - low
}

/** Ends that lie too near each other for a name each. */
function together(ends: End[], [wide, high]: number[]): End[][] {
  const groups: End[][] = []
  for (const end of ends) {
    const near = groups.find(
      ([{ last }]) =>
        Math.abs(last.mi - end.last.mi) < 0.05 * wide && Math.abs(last.label_mi - end.last.label_mi) < 0.06 * high,
    )
    if (near) near.push(end)
    else groups.push([end])
  }
  return groups
}

function nameLayers(group: End[], look: Look): Part {
  const text = {
    ...{ type: 'text', text: ranges(group.map(({ last }) => last.layer)), dy: -look.font.label + 2 },
    ...{ fontSize: look.font.label, fontWeight: 600, color: '#222222', aria: false },
  }
  return { name: `c${group[0].index}_name`, data: { values: [group[0].last] }, mark: text }
}
