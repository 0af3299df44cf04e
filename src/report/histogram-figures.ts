/**
 * How activations are spread through training: a grid of layers and chosen epochs for a file, and each layer by itself at the
 * last epoch, whose outline a page then moves. Heights are shares of all activations of the layer, by their square root: late in
 * training most lie in two bins, and the others must be seen too.
 */
import type { Part } from './epoch-axis.js'
import { figureSpecification, type Figure } from './figure.js'
import { groupedBy } from './grouped.js'
import { depth } from './layer-figures.js'
import { gridLook, layerColours, type Look } from './look.js'
import { visible } from './numbers.js'
import type { ReportCondition } from './report-condition.js'
import { chosenEpochs } from './scatter-figures.js'

export interface LayerHistograms {
  layer: number
  low: number
  high: number
  epochs: number[]
  /** Of each epoch, a share of all activations for each bin. */
  shares: number[][]
}

export interface Histograms {
  run: number
  name: string
  seed: number
  layers: LayerHistograms[]
  /** Highest share of any bin. */
  highest: number
}

/** Of the condition's first seed; null without a table. Epochs whose bins are not those of the first are laid over wider ones. */
export function histogramsOf({ name, tables }: ReportCondition, run: number): Histograms | null {
  const [first] = tables.histograms
  if (first === undefined) return null
  const own = tables.histograms.filter(({ seed }) => seed === first.seed)
  const layers = [...groupedBy(own, ({ layer }) => layer)]
    .sort(([a], [b]) => a - b)
    .map(([layer, rows]) => layerOf(layer, rows))
  const highest = Math.max(...layers.map(({ shares }) => Math.max(...shares.map((bins) => Math.max(...bins)))))
  return { run, name: visible(name), seed: first.seed, layers, highest }
}

type Row = ReportCondition['tables']['histograms'][number]

function layerOf(layer: number, rows: Row[]): LayerHistograms {
  const sorted = rows.toSorted((a, b) => a.epoch - b.epoch)
  const [low, high] = [Math.min(...rows.map((row) => row.low)), Math.max(...rows.map((row) => row.high))]
  return {
    layer,
    low,
    high,
    epochs: sorted.map(({ epoch }) => epoch),
    shares: sorted.map((row) => sharesOf(row, low, high)),
  }
}

/** Counts as shares in as many bins from `low` to `high`; of other bins each count goes where the middle of its bin lies. */
function sharesOf({ counts, ...row }: Row, low: number, high: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0) || 1
  if (row.low === low && row.high === high) return counts.map((count) => count / all)
  const shares = counts.map(() => 0)
  counts.forEach((count, bin) => {
    const middle = row.low + ((bin + 0.5) * (row.high - row.low)) / counts.length
    shares[Math.min(counts.length - 1, Math.floor(((middle - low) / (high - low)) * counts.length))] += count / all
  })
  return shares
}

/** Each layer at its last epoch. */
export function histogramPanels(histograms: Histograms, look: Look): { figure: Figure; layer: LayerHistograms }[] {
  const small = {
    ...look,
    width: 220,
    height: 206,
    padding: { left: 42, right: 10, top: 38, bottom: 38 },
    titled: true,
  }
  return histograms.layers.map((layer, k) => {
    const rows = binRows(layer, layer.epochs.length - 1)
    const title = `layer ${layer.layer}`
    const colour = layerColours(depth(histograms.layers, k))[0]
    const views = {
      name: 'outline',
      ...outline(histograms.highest, [layer.low, layer.high], colour, ['activation', null]),
    }
    const specification = figureSpecification(small, { width: 168, height: 130 }, [title], rows, views)
    const about = specification as unknown as { title: Part }
    about.title = { ...about.title, fontSize: 12.5, offset: 6 }
    const figure: Figure = {
      ...{
        name: `histogram-${histograms.run}-${layer.layer}`,
        title,
        caption: title,
        look: small,
        rows,
        curves: [],
        specification,
      },
      alternative: `Shares of the activations of layer ${layer.layer} in ${rows.length - 1} bins from ${layer.low} to ${layer.high}.`,
    }
    return { figure, layer }
  })
}

/** Layers and some epochs, for a file. */
export function histogramFigure(histograms: Histograms, given: Look, several: boolean): Figure {
  const look = gridLook(given)
  const { layers, seed, name, run } = histograms
  const rows = layers.flatMap((layer) =>
    chosenEpochs(layer.epochs.length, look.name === 'paper' ? 3 : 6).flatMap((index) => binRows(layer, index)),
  )
  const title = 'Activations through training'
  const subtitle = `share of a layer's activations in each bin, without noise, by its square root; seed ${seed}${several ? ` of ${name}` : ''}`
  const names = layers.map(({ layer }) => `layer ${layer}`)
  const colour = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, k) => layerColours(depth(names, k))[0]) },
    legend: null,
  }
  const domain = [Math.min(...layers.map(({ low }) => low)), Math.max(...layers.map(({ high }) => high))]
  const spec = outline(histograms.highest, domain, undefined, [null, null])
  const side = look.name === 'paper' ? [66, 48] : [100, 70]
  const facets = {
    facet: {
      column: {
        field: 'epoch',
        type: 'ordinal',
        title: null,
        sort: 'ascending',
        header: { labelExpr: "'epoch ' + datum.value" },
      },
      row: { field: 'name', type: 'nominal', title: null, sort: names, header: { labelOrient: 'left' } },
    },
    spacing: 10,
    spec: { width: side[0], height: side[1], ...spec, encoding: { ...(spec.encoding as Part), color: colour } },
  }
  const {
    autosize: _,
    width: __,
    height: ___,
    ...specification
  } = figureSpecification(look, { width: 0, height: 0 }, [title, subtitle], rows, facets) as unknown as Part
  return {
    ...{ name: several ? `histograms-${run + 1}` : 'histograms', title, caption: subtitle, look, rows, curves: [] },
    ...{ alternative: `${title}: ${subtitle}.`, specification: specification as unknown as Figure['specification'] },
  }
}

/** Left edges of the bins, and the last one's right edge with its height again: what an outline in steps is drawn of. */
function binRows({ layer, low, high, epochs, shares }: LayerHistograms, index: number): object[] {
  const bins = shares[index]
  const edges = [...bins, bins[bins.length - 1]]
  return edges.map((share, i) => ({
    ...{ epoch: epochs[index], layer, name: `layer ${layer}` },
    ...{ edge: low + (i * (high - low)) / bins.length, share },
  }))
}

function outline(highest: number, domain: number[], color: string | undefined, titles: (string | null)[]): Part {
  const scale = { type: 'sqrt', domain: [0, highest], nice: false }
  const values = [0.01, 0.1, 0.3, 0.6, 1].filter((share) => share <= highest)
  return {
    mark: { type: 'area', interpolate: 'step-after', opacity: 0.85, aria: false, ...(color && { color }) },
    encoding: {
      x: {
        field: 'edge',
        type: 'quantitative',
        title: titles[0],
        scale: { domain, nice: false, zero: false },
        axis: { tickCount: 3 },
      },
      y: { field: 'share', type: 'quantitative', title: titles[1], scale, axis: { values, format: '.0%' } },
    },
  }
}
