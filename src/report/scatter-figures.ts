/**
 * Where inputs lie in the last hidden layer, by class: its coordinate planes side by side at chosen epochs, and each plane by
 * itself at the last epoch, whose marks a page then moves.
 */
import type { ScatterRow } from '../tables/rows.js'
import type { Part } from './epoch-axis.js'
import { figureSpecification, type Figure } from './figure.js'
import { groupedBy } from './grouped.js'
import { depth } from './layer-figures.js'
import { classColours, classShapes, gridLook, type Look } from './look.js'
import { counted, visible } from './numbers.js'
import type { ReportCondition } from './report-condition.js'

export interface Scatter {
  run: number
  name: string
  layer: number
  seed: number
  neurons: number
  epochs: number[]
  /** Of one epoch each, the same inputs in the same order. */
  rows: ScatterRow[][]
  classes: number[]
  /** What they are called, in the same order. */
  classNames: string[]
  /** Of all coordinates at all epochs. */
  domain: [number, number]
}

export interface ScatterPlane {
  figure: Figure
  /** Neurons across and up, from 0; the last of a layer of one neuron is its class. */
  across: number
  up: number
}

/** Null without a table, or where no epoch has what the last one has. */
export function scatterOf({ name, runs, tables }: ReportCondition, run: number): Scatter | null {
  const [{ seed, layer } = { seed: -1, layer: -1 }] = tables.scatter
  const own = tables.scatter.filter((row) => row.seed === seed && row.layer === layer)
  const byEpoch = [...groupedBy(own, ({ epoch }) => epoch)].sort(([a], [b]) => a - b)
  if (byEpoch.length === 0) return null
  const inputs = byEpoch[0][1].map(({ x }) => x).join()
  const whole = byEpoch.filter(([, rows]) => rows.map(({ x }) => x).join() === inputs)
  const rows = whole.map(([, rows]) => rows)
  const neurons = Math.min(3, Object.keys(own[0]).filter((key) => /^s\d+$/.test(key)).length)
  const classes = [...new Set(own.map(({ y }) => y))].sort((a, b) => a - b)
  const names = runs[0].record.class_names
  return {
    ...{ run, name: visible(name), layer, seed, neurons, rows, epochs: whole.map(([epoch]) => epoch), classes },
    classNames: classes.map((y) =>
      visible(Array.isArray(names) && typeof names[y] === 'string' ? names[y] : `class ${y}`),
    ),
    domain: domainOf(rows, neurons),
  }
}

/** Coordinate k of an input, from 0; behind the last neuron comes the class. */
export const coordinate = (row: ScatterRow, k: number) =>
  k < 3 && row[`s${k + 1}`] !== undefined ? row[`s${k + 1}`] : row.y

/** Pairs of coordinates that are drawn. */
export const planesOf = ({ neurons }: Scatter): [number, number][] =>
  neurons === 1 ? [[0, 1]] : neurons === 2 ? [[0, 1]] : [[0, 1], [0, 2], [1, 2]] // prettier-ignore

/** Each plane at the last epoch. */
export function scatterPlanes(scatter: Scatter, look: Look): ScatterPlane[] {
  const small = {
    ...look,
    width: 300,
    height: 300,
    padding: { left: 50, right: 14, top: 16, bottom: 44 },
    titled: false,
  }
  return planesOf(scatter).map(([across, up]) => {
    const rows = planeRows(scatter, [scatter.epochs.length - 1], [[across, up]])
    const size = { width: 236, height: 240 }
    const views = { name: 'points', ...planeView(scatter, look, [axisName(scatter, across), axisName(scatter, up)]) }
    const name = `scatter-${scatter.run}-${across + 1}${up + 1}`
    const caption = `Layer ${scatter.layer}, ${axisName(scatter, up)} against ${axisName(scatter, across)}`
    const figure: Figure = {
      ...{ name, title: caption, caption, alternative: `${caption} of ${counted(rows.length, 'input')}, by class.` },
      ...{ look: small, rows, curves: [], specification: figureSpecification(small, size, [''], rows, views) },
    }
    return { figure, across, up }
  })
}

/** All planes at some epochs, for a file. */
export function scatterFigure(scatter: Scatter, given: Look, several: boolean): Figure {
  const look = gridLook(given)
  const planes = planesOf(scatter)
  const chosen = chosenEpochs(scatter.epochs.length, look.name === 'paper' ? 3 : 5)
  const rows = planeRows(scatter, chosen, planes)
  const side = look.name === 'paper' ? 66 : 120
  const title = `Layer ${scatter.layer} without noise, by class`
  const facets = {
    facet: {
      column: {
        field: 'epoch',
        type: 'ordinal',
        title: null,
        sort: null,
        header: { labelExpr: "'epoch ' + datum.value", labelPadding: 4 },
      },
      row: {
        field: 'plane',
        type: 'nominal',
        title: null,
        sort: null,
        header: { labelOrient: 'left', labelPadding: 6 },
      },
    },
    spacing: { row: 10, column: 18 },
    spec: { width: side, height: side, ...planeView(scatter, look, [null, null]) },
  }
  const shapes = scatter.classNames
    .map((name, k) => `${classShapes[k % classShapes.length].replace('-up', '')}: ${name}`)
    .join(', ')
  const subtitles = [
    `${counted(scatter.rows[0].length, 'input')} of seed ${scatter.seed}${several ? ` of ${scatter.name}` : ''}; ${shapes}`,
  ]
  const specification = {
    ...figureSpecification(look, { width: 0, height: 0 }, [title, ...subtitles], rows, facets),
    autosize: undefined,
  } as unknown as Record<string, unknown>
  delete specification.width
  delete specification.height
  return {
    ...{
      name: several ? `scatter-${scatter.run + 1}` : 'scatter',
      title,
      caption: `${title}: ${subtitles[0]}.`,
      look,
      rows,
      curves: [],
    },
    alternative: `${title}, ${subtitles[0]}, at epochs ${chosen.map((i) => scatter.epochs[i]).join(', ')}.`,
    specification: specification as unknown as Figure['specification'],
  }
}

/** Indices of about `most` of `count`, first and last among them. */
export function chosenEpochs(count: number, most: number): number[] {
  const some = Math.min(count, most)
  return [...new Set(Array.from({ length: some }, (_, i) => Math.round(depth(Array(some).fill(0), i) * (count - 1))))]
}

export const axisName = ({ neurons }: Scatter, k: number) => (neurons === 1 && k === 1 ? 'class' : `neuron ${k + 1}`)

function planeRows(scatter: Scatter, epochs: number[], planes: [number, number][]): object[] {
  return epochs.flatMap((index) =>
    planes.flatMap(([across, up]) =>
      scatter.rows[index].map((row) => ({
        ...{ epoch: scatter.epochs[index], plane: `${axisName(scatter, up)} / ${across + 1}` },
        ...{ x: row.x, class: row.y, across: coordinate(row, across), up: coordinate(row, up) },
      })),
    ),
  )
}

function planeView(scatter: Scatter, look: Look, titles: [string | null, string | null]): Part {
  const { classes, domain } = scatter
  const scale = { domain, nice: false, zero: false }
  const range = (list: readonly unknown[]) => ({ domain: classes, range: classes.map((_, k) => list[k % list.length]) })
  const [x, y] = ['across', 'up'].map((field, i) => ({
    field,
    type: 'quantitative',
    scale,
    title: titles[i],
    axis: { tickCount: 4 },
  }))
  const color = { field: 'class', type: 'nominal', scale: range(classColours.map(([light]) => light)), legend: null }
  const shape = { field: 'class', type: 'nominal', scale: range(classShapes), legend: null }
  const mark = { type: 'point', filled: true, size: look.name === 'paper' ? 6 : 16, opacity: 0.6, aria: false }
  return { mark, encoding: { x, y, color, shape } }
}

function domainOf(rows: ScatterRow[][], neurons: number): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const row of rows.flat()) {
    for (let k = 0; k < Math.max(2, neurons); k++) {
      const value = coordinate(row, k)
      if (!Number.isFinite(value)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 1, high + 1] : [-1, 1]
  const room = 0.05 * (high - low)
  return [low - room, high + room]
}
