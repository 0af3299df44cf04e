/** The pictures of several conditions: test errors with intervals, similarity to the reference, clustering of each layer. */
import { tInterval } from '../math/intervals.js'
import { conditionColours, curvesOfConditions, errorsSpecification } from '../report/conditions-picture.js'
import type { ConditionCurve, ConditionPanel } from '../report/conditions-picture.js'
import { counted } from '../report/numbers.js'
import { writePicture } from '../report/picture.js'
import { errorDifference, layersOf, testErrors, type Seen } from './condition-summary.js'
import type { Heading } from './definition.js'

/** The width of bins that is drawn: every layer has it. */
const drawnWidth = 0.1

/** Writes those that have something to show; returns the paths. */
export async function conditionPictures(seen: readonly Seen[], folder: string, heading: Heading): Promise<string[]> {
  const colours = conditionColours(
    seen.map(({ condition }) => ({ name: condition.title, noise: condition.config.noise.std })),
  )
  const panels = { similarity: similarityPanels(seen), clustering: clusteringPanels(seen) }
  const notes = {
    similarity: 'cosine of the angle between what both make of an input, noise off: mean over inputs',
    clustering: `without noise; H(Bin(T)): bins of ${drawnWidth}; tightness: median distance within classes over that between`,
  }
  const errors = errorsSpecification({ ...heading, errors: seen.map((own) => errorOf(own, seen[0])), colours })
  const paths = [writePicture('test-errors', errors, folder)]
  for (const name of ['similarity', 'clustering'] as const) {
    if (panels[name].length === 0) continue
    const picture = { ...heading, note: notes[name], colours, panels: panels[name] }
    paths.push(writePicture(name, curvesOfConditions(picture), folder))
  }
  return (await Promise.all(paths)).flat()
}

function errorOf(own: Seen, reference: Seen) {
  const seeds = [...testErrors(own).values()].map((error) => 100 * error)
  const difference = own === reference ? null : errorDifference(own, reference)
  return { name: own.condition.title, seeds, mean: tInterval(seeds), difference }
}

function similarityPanels(seen: readonly Seen[]): ConditionPanel[] {
  const rows = seen.slice(1).flatMap(({ similarity }) => similarity)
  const lowest = Math.min(0.9, ...rows.map(({ cosine_mean }) => cosine_mean ?? 1))
  return layersOf(rows).map((layer) => {
    const own = seen.flatMap(({ condition, similarity }, i): ConditionCurve[] =>
      i === 0
        ? []
        : similarity.flatMap((row) =>
            row.layer === layer && row.cosine_mean !== null ? [point(condition.title, row, row.cosine_mean)] : [],
          ),
    )
    return { title: layerTitle(layer, rows), values: own, domain: [lowest, 1] }
  })
}

function clusteringPanels(seen: readonly Seen[]): ConditionPanel[] {
  const binned = seen.flatMap((own) => own.binned)
  const layers = layersOf(binned)
  const entropies = layers.map((layer) => {
    const values = seen.flatMap((own) =>
      own.binned
        .filter((row) => row.layer === layer && row.bin_width === drawnWidth)
        .map((row) => point(own.condition.title, row, row.h_bin)),
    )
    const top = Math.max(0.1, ...binned.map(({ inputs }) => Math.log(inputs)))
    return panelOf(`H(Bin(T)) [nats], ${layerTitle(layer, binned)}`, values, [0, 1.03 * top])
  })
  const tightness = layers.map((layer) => {
    const values = seen.flatMap((own) =>
      own.clustering.flatMap((row) =>
        row.layer === layer && row.tightness !== null ? [point(own.condition.title, row, row.tightness)] : [],
      ),
    )
    return panelOf(`tightness, ${layerTitle(layer, binned)}`, values, [
      0,
      Math.max(1, ...values.map(({ value }) => value)),
    ])
  })
  return layers.flatMap((_, i) => [entropies[i], tightness[i]]).filter(({ values }) => values.length > 0)
}

const panelOf = (title: string, values: ConditionCurve[], domain: [number, number]) => ({ title, values, domain })

const point = (name: string, { seed, epoch }: { seed: number; epoch: number }, value: number) => ({
  ...{ name, seed, epoch, value },
})

function layerTitle(layer: number, rows: readonly { layer: number; dimension: number }[]): string {
  const dimension = rows.find((row) => row.layer === layer)!.dimension
  return `layer ${layer} (${counted(dimension, 'neuron')})`
}
