/** What sums cost against the number of centers, both logarithmic: a panel for full sums and one for pruned, a line a layer. */
import type { TopLevelSpec } from 'vega-lite'
import type { ScalingRow } from '../tables/bench.js'
import type { Part } from './epoch-axis.js'
import { counted } from './numbers.js'
import { framed, layerColour, quiet } from './theme.js'

const size = { width: 330, height: 330 }

export function scalingSpecification(title: string, subtitle: string, rows: readonly ScalingRow[]): TopLevelSpec {
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b)
  const named = (layer: number) => {
    const { dimension } = rows.find((row) => row.layer === layer)!
    return `layer ${layer} (${counted(dimension, 'dimension')})`
  }
  const values = rows.map((row) => ({ ...row, name: named(row.layer) }))
  const range = layers.map((_, i) => layerColour(i / Math.max(1, layers.length - 1)))
  const color = {
    field: 'name',
    type: 'nominal',
    title: null,
    legend: { labelLimit: 0 },
    scale: { domain: layers.map(named), range },
  }
  const seconds = rows.flatMap((row) => [row.seconds_low, row.seconds_high])
  const y = {
    ...{ type: 'quantitative', title: 'time of a sum [s]', axis: { format: '~g' } },
    scale: { type: 'log', domain: [Math.min(...seconds) / 1.2, Math.max(...seconds) * 1.2], nice: false },
  }
  const panel = (method: 'full' | 'pruned', text: string): Part => ({
    ...size,
    title: { text, anchor: 'start', fontSize: 13, fontWeight: 600 },
    data: { values: values.filter((row) => row.method === method) },
    encoding: { x: centersAxis(rows), color },
    layer: [
      linear(
        values.filter((row) => row.method === method),
        y,
      ),
      {
        mark: { type: 'rule', strokeWidth: 1 },
        encoding: { y: { ...y, field: 'seconds_low' }, y2: { field: 'seconds_high' } },
      },
      { mark: { type: 'line', strokeWidth: 1.9, point: { size: 30 } }, encoding: { y: { ...y, field: 'seconds' } } },
    ],
  })
  return framed(
    title,
    [subtitle, 'dotted: in proportion to the centers, from the dearest layer on; bars: fastest to slowest'],
    {
      hconcat: [panel('full', 'every pair'), panel('pruned', 'pruned, certificate 1e-6 nats')],
    },
  )
}

function centersAxis(rows: readonly ScalingRow[]): Part {
  const centers = [...new Set(rows.map((row) => row.centers))].sort((a, b) => a - b)
  const axis = { values: centers, labelExpr: "'2^' + format(log(datum.value) / LN2, '.0f')", labelOverlap: 'greedy' }
  const scale = { type: 'log', domain: [centers[0], Math.max(2 * centers[0], centers.at(-1)!)], nice: false }
  return { field: 'centers', type: 'quantitative', title: 'centers', axis, scale }
}

/** What the layer that is dearest at the fewest centers would take if time grew as the centers do. */
function linear(values: (ScalingRow & { name: string })[], y: Part): Part {
  const first = Math.min(...values.map(({ centers }) => centers))
  const begin = Math.max(...values.filter(({ centers }) => centers === first).map(({ seconds }) => seconds))
  const ends = [first, Math.max(...values.map(({ centers }) => centers))]
  return {
    data: { values: ends.map((centers) => ({ centers, seconds: (begin * centers) / first })) },
    mark: { type: 'line', strokeDash: [1.5, 3], strokeWidth: 1.3, color: quiet, clip: true },
    encoding: { y: { ...y, field: 'seconds' }, color: { value: quiet } },
  }
}
