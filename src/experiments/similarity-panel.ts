/**
 * Noisy networks beside a deterministic one: the same seeds under every condition, the first of which is the reference. Its
 * representations are kept, and each other condition's are held against them input by input (similarity.arrow, METHOD 5.4).
 */
import { join } from 'node:path'
import { cosineFigures } from '../clustering/cosine-similarity.js'
import { InputError } from '../errors.js'
import { percent } from '../report/numbers.js'
import type { Look, Monitored } from '../scheduler.js'
import { readRows } from '../tables/read.js'
import type { BinnedEntropyRow, ClusteringRow } from '../tables/rows.js'
import { similaritySchema, type SimilarityRow } from '../tables/similarity.js'
import { lastEpoch, testErrors, type Seen } from './condition-summary.js'
import { conditionWords, type Told } from './condition-words.js'
import type { Config } from './config.js'
import type { Condition, Heading, Panel } from './definition.js'
import { PanelTable } from './panel-table.js'
import { ReferenceStore, type Representation } from './reference-store.js'

/** Numbers kept of the reference at each measurement of each seed, at most: 8 MB. Wider layers are compared on fewer inputs. */
const mostNumbers = 2 ** 21

/** What is seen of a condition, for a checkpoint; of similarity how many rows, which are in the table. */
interface State extends Pick<Seen, 'clustering' | 'binned'> {
  similarity: number
}

const nothing = (): State => ({ clustering: [], binned: [], similarity: 0 })
const stateOf = ({ clustering, binned, similarity }: Seen): State => ({
  ...{ clustering, binned, similarity: similarity.length },
})

/** Panel of these conditions, the reference first; `told` is for the words. */
export function similarityPanel(conditions: Condition[], told: Told): Panel {
  const seen = new Map(conditions.map((condition) => [condition.name, unseen(condition)]))
  const reference = seen.get(conditions[0].name)!
  let kept = new ReferenceStore(null)
  let table = PanelTable.kept<SimilarityRow>()
  const looked = (own: Seen, look: Look) => {
    own.clustering.push(...look.monitored.clustering)
    own.binned.push(...look.monitored.binned)
    if (own === reference) kept.put(look.seed, look.epoch, fewer(look.monitored))
    const rows = own === reference ? [] : similarityRows(own, look, kept.get(look.seed, look.epoch))
    own.similarity.push(...rows)
    table.append(rows)
  }
  return {
    conditions,
    begin(folder, metadata, resumed = false) {
      kept = new ReferenceStore(folder)
      table = PanelTable.begin(folder, 'similarity', similaritySchema(metadata), resumed)
    },
    known(name, folder) {
      const own = seen.get(name)!
      own.clustering = readRows<ClusteringRow>(join(folder, 'clustering.arrow'))
      own.binned = readRows<BinnedEntropyRow>(join(folder, 'binned-entropies.arrow'))
      own.similarity = table.rows.filter(({ condition }) => condition === name)
    },
    companion: (name) => ({
      looked: async (look) => Promise.resolve(looked(seen.get(name)!, look)),
      draw: () => Promise.resolve([]),
      words: () => '',
      state: () => stateOf(seen.get(name)!),
      restore(state) {
        const own = seen.get(name)!
        const { clustering, binned, similarity } = (state as State | undefined) ?? nothing()
        const others = table.rows.filter(({ condition }) => condition !== name).length
        table = table.cutTo(others + similarity)
        Object.assign(own, { clustering, binned, similarity: table.rows.slice(others) })
      },
    }),
    ended(name, { training }, whole) {
      const own = seen.get(name)!
      Object.assign(own, { training, whole })
      return endLine(own)
    },
    finish(whole) {
      if (whole) kept.remove()
      return table.finish()
    },
    draw: (folder, heading) => drawn([...seen.values()], folder, heading),
    words: () => conditionWords([...seen.values()], told),
  }
}

/** @throws InputError: what the conditions alone decide, or what only networks with an estimate have */
export function requirePanelled({ experiment, noise, compare, save }: Config): void {
  if (noise.std !== 0) {
    throw new InputError(
      `noise.std: ${noise.std} is not 0: '${experiment}' has conditions with noises of their own: give noiseStds`,
    )
  }
  if (compare)
    throw new InputError(`compare: true is not false: '${experiment}' estimates no I(X;T) to compare: try szt`)
  if (save.replicas > 0) {
    throw new InputError(`save.replicas: ${save.replicas} is not 0: '${experiment}' draws no replicas: try szt`)
  }
}

const unseen = (condition: Condition): Seen => ({
  ...{ condition, whole: false, training: [], clustering: [], binned: [], similarity: [] },
})

/** Of evenly spaced inputs, as many as may be kept. */
function fewer(monitored: Monitored): Representation {
  const { inputs, s } = monitored
  const numbers = s.reduce((sum, { length }) => sum + length, 0)
  if (numbers <= mostNumbers) return monitored
  const taken = Math.max(1, Math.floor((inputs.length * mostNumbers) / numbers))
  const places = Uint32Array.from({ length: taken }, (_, i) => Math.floor((i * inputs.length) / taken))
  return { ...monitored, inputs: places.map((place) => inputs[place]), s: s.map((all) => rowsAt(all, places, inputs)) }
}

function rowsAt(all: Float32Array, places: Uint32Array, { length: count }: Uint32Array): Float32Array {
  const width = all.length / count
  const rows = new Float32Array(places.length * width)
  places.forEach((place, i) => rows.set(all.subarray(place * width, (place + 1) * width), i * width))
  return rows
}

/** One row a layer; none where the reference was not seen. Error where the two did not start alike. */
function similarityRows({ condition }: Seen, look: Look, reference: Representation | null): SimilarityRow[] {
  if (!reference) return []
  const { seed, epoch } = look
  const { layers, inputs, s } = look.monitored
  const known = new Map(Array.from(inputs, (input, place) => [input, place]))
  const places = reference.inputs.map((input) => known.get(input)!)
  return layers.map((layer, i) => {
    const own = rowsAt(s[i], places, inputs)
    const dimension = own.length / places.length
    const figures = cosineFigures(own, reference.s[i], dimension)
    if (epoch === 0 && figures.inputs > 0 && figures.cosine_q05 !== 1) {
      throw new Error(
        `${condition.name}, seed ${seed}, layer ${layer}: before the first step it is not the reference's`,
      )
    }
    const place = { condition: condition.name, seed, epoch, layer, dimension }
    return { ...place, noise_std: condition.config.noise.std, dropout_rate: dropoutRate(condition), ...figures }
  })
}

export function dropoutRate({ config }: Condition): number {
  return Math.max(0, ...config.network.layers.map((layer) => (layer.type === 'dropout' ? layer.rate : 0)))
}

/** What is said when a condition is through: its test errors, lowest to highest seed. */
function endLine(own: Seen): string {
  const errors = [...testErrors(own).values()].sort((a, b) => a - b)
  if (errors.length === 0) return `${own.condition.title}: no evaluation on the test set`
  const range = [...new Set([errors[0], errors.at(-1)!].map((error) => percent(error, 2)))].join(' to ')
  return `${own.condition.title}: test error ${range} after epoch ${lastEpoch(own.training)}, noise off`
}

async function drawn(seen: Seen[], folder: string, heading: Heading): Promise<string[]> {
  const measured = seen.filter(({ training }) => training.length > 0)
  if (measured.length === 0) return []
  const { conditionPictures } = await import('./condition-pictures.js')
  return conditionPictures(measured, folder, heading)
}
