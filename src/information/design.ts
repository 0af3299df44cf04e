/**
 * How samples are used (METHOD 2.1): which are centers in which column and with which weight, and on which samples queries stand. A
 * column is a batch of every input's samples, or a group of inputs. An input with fewer samples than there are batches is in all
 * of them: its sums are kept in one column more.
 */
import { permutation } from '../math/shuffle.js'
import type { Grouping } from './grouping.js'

export interface CenterDesign {
  /** Row of each center, its column, and its weight; weights add up to the number of centers. */
  row: Uint32Array
  column: Uint8Array
  weight: Float64Array
  /** All weights are 1. */
  equal: boolean
}

export interface QueryDesign {
  /** Row that each query stands on, its input, column, and weight; weights add up to 1. */
  row: Uint32Array
  input: Uint32Array
  column: Uint8Array
  weight: Float64Array
  /** 1: its noise is minus that of the query before it, which is of the same input and column. */
  mirrored: Uint8Array
}

export type Columns = { are: 'batches' | 'queries'; count: number } | { are: 'groups'; count: number; of: Uint8Array }

/** Fewer inputs than this do not make the groups that intervals of regime `sample` are taken from. */
export const wantedGroups = 16

/** B that the samples allow: the largest of 16, 8, 4, 2 for which inputs of nine tenths of the probability have as many. */
export function batchesFor({ inputs, starts, probability }: Grouping): number {
  const most = [16, 8, 4, 2].find((batches) => {
    let mass = 0
    for (let i = 0; i < inputs; i++) if (starts[i + 1] - starts[i] >= batches) mass += probability[i]
    return mass >= 0.9
  })
  return most ?? 2
}

/** Inputs in groups of equal size, at random. */
export function groupsOf(inputs: number, seed: number): Columns {
  const count = Math.min(wantedGroups, inputs)
  const of = new Uint8Array(inputs)
  permutation(inputs, seed, groupStream, 0).forEach((input, place) => (of[input] = place % count))
  return { are: 'groups', count, of }
}

const groupStream = 8

/**
 * Centers: the first `replicas` rows of each input (one where S is a function of X). The weight of x is p(x), spread evenly over
 * the batches and within each batch over its centers.
 */
export function designCenters(grouping: Grouping, columns: Columns, replicas: number): CenterDesign {
  const { inputs, starts, rows, probability, determined } = grouping
  const taken = (i: number) => (determined ? 1 : Math.min(replicas, starts[i + 1] - starts[i]))
  let count = 0
  for (let i = 0; i < inputs; i++) count += taken(i)
  const design = { row: new Uint32Array(count), column: new Uint8Array(count), weight: new Float64Array(count) }
  let [at, equal] = [0, true]
  for (let i = 0; i < inputs; i++) {
    const size = taken(i)
    for (let r = 0; r < size; r++, at++) {
      design.row[at] = rows[starts[i] + r]
      design.column[at] = columnOf(columns, i, r, size)
      design.weight[at] = count * probability[i] * shareOf(columns, r, size)
      if (Math.abs(design.weight[at] - 1) > 1e-12) equal = false
    }
  }
  return { ...design, equal }
}

/** Batch r % B; where there are fewer samples than batches, the column behind the last batch. */
function columnOf(columns: Columns, input: number, r: number, size: number): number {
  if (columns.are === 'groups') return columns.of[input]
  if (columns.are === 'queries') return 0
  return size < columns.count ? columns.count : r % columns.count
}

/** What sample r of `size` is of its input. */
function shareOf(columns: Columns, r: number, size: number): number {
  if (columns.are !== 'batches' || size < columns.count) return 1 / size
  const inBatch = Math.floor((size - 1 - (r % columns.count)) / columns.count) + 1
  return 1 / (columns.count * inBatch)
}

/** Whether some input has fewer centers than there are batches. */
export function hasFixed({ inputs, starts, determined }: Grouping, columns: Columns, replicas: number): boolean {
  if (columns.are !== 'batches' || determined) return false
  for (let i = 0; i < inputs; i++) if (Math.min(replicas, starts[i + 1] - starts[i]) < columns.count) return true
  return false
}

/**
 * About `wanted` queries, as many in each batch of an input, in proportion to p(x) and at least one: on the batch's samples in turn.
 * With groups an input's queries are all of its group. Where samples come in no batches, queries of more than one come in pairs.
 */
export function designQueries(grouping: Grouping, columns: Columns, wanted: number): QueryDesign {
  const { inputs, starts, rows, probability, determined } = grouping
  const batches = columns.are === 'groups' ? 1 : columns.count
  const paired = columns.are !== 'batches'
  const each = Uint32Array.from(probability, (p) => {
    const n = p > 0 ? Math.max(1, Math.round((p * wanted) / batches)) : 0
    return paired && n > 1 ? 2 * Math.round(n / 2) : n
  })
  const count = batches * each.reduce((sum, n) => sum + n, 0)
  const design = { row: new Uint32Array(count), input: new Uint32Array(count), column: new Uint8Array(count) }
  const [weight, mirrored] = [new Float64Array(count), new Uint8Array(count)]
  let at = 0
  for (let i = 0; i < inputs; i++) {
    const size = determined ? 1 : starts[i + 1] - starts[i]
    for (let b = 0; b < batches; b++) {
      for (let q = 0; q < each[i]; q++, at++) {
        const inBatch = size < batches ? size : Math.floor((size - 1 - b) / batches) + 1
        const r = size < batches ? (b + q * batches) % size : b + (q % inBatch) * batches
        design.row[at] = rows[starts[i] + r]
        design.input[at] = i
        design.column[at] = columns.are === 'groups' ? columns.of[i] : b
        weight[at] = probability[i] / (batches * each[i])
        mirrored[at] = paired ? q % 2 : 0
      }
    }
  }
  return { ...design, weight, mirrored }
}
