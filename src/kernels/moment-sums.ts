import { listedByDefault, spread, type Buffers, type Constants, type Kernel } from './kernel.js'
import { blockWords, queryRow, type TileShape } from './tile-sums.js'

type Params = 'blocks' | 'capacity' | 'scale'
type Names = 'queries' | 'query_tags' | 'nodes' | 'work' | 'sums'

/** Monomials of d variables below some degree, each an earlier one times a variable. */
export interface Monomials {
  /** All of lower degree are there. */
  degree: number
  count: number
  parent: number[]
  axis: number[]
  /** a! of each multi-index. */
  factorial: number[]
}

/** The monomials of the highest degree that keeps them within `most`. */
export function monomials(dimension: number, most: number): Monomials {
  const found: Monomials = { degree: 1, count: 1, parent: [0], axis: [0], factorial: [1] }
  let [from, powers] = [0, [new Array<number>(dimension).fill(0)]]
  for (; ; found.degree++) {
    const next: { parent: number; axis: number }[] = []
    for (let parent = from; parent < found.count; parent++) {
      const lowest = parent === 0 ? 0 : found.axis[parent]
      for (let axis = lowest; axis < dimension; axis++) next.push({ parent, axis })
    }
    if (found.count + next.length > most || found.degree >= 12) return found
    from = found.count
    for (const { parent, axis } of next) {
      const power = powers[parent].map((n, k) => (k === axis ? n + 1 : n))
      powers = [...powers, power]
      found.parent.push(parent)
      found.axis.push(axis)
      found.factorial.push(found.factorial[parent] * power[axis])
      found.count++
    }
  }
}

/** Numbers a node takes: middle, label, moments. */
export function nodeRow({ dimension, split, columns }: TileShape, { count }: Monomials): number {
  return dimension * (split ? 2 : 1) + 1 + columns * count
}

/** Sums of Gaussian kernels over centers so close together that their moments stand for them. shaders/moment-sums.wgsl */
export const momentSums: Kernel<Params, Names> = {
  name: 'moment-sums',
  writes: ['sums'],
  workgroup: { software: 4, hardware: 32 },
  workgroups: ({ blocks }) => spread(blocks, 1),
  work: ({ blocks, capacity }, constants, { nodes } = listedByDefault(blocks)) => {
    const [d, terms, columns] = ['DIMENSION', 'TERMS', 'COLUMNS'].map((name) => Number(constants[name]))
    const perNode = d * (constants.SPLIT ? 8 : 6) + 1 + terms + columns * (2 * terms + 1)
    const slot = d * (constants.SPLIT ? 3 : 2) + 2 + 2 * columns * Number(constants.KINDS)
    const bytes = 4 * (nodes * (d + 1 + columns * terms) + blocks * capacity * slot)
    return { flops: nodes * capacity * perNode, exps: nodes * capacity, bytes }
  },
  reference(params, buffers, constants) {
    for (let place = 0; place < params.blocks; place++) {
      const [block, , , listAt, count] = buffers.work.subarray(place * blockWords, place * blockWords + 5)
      for (const node of buffers.work.subarray(listAt, listAt + count)) {
        for (let slot = block * params.capacity; slot < (block + 1) * params.capacity; slot++) {
          addNode(buffers, constants, slot, node, params.scale)
        }
      }
    }
  },
}

export function momentConstants(shape: TileShape, { count, parent, axis }: Monomials): Constants {
  const { dimension, columns, split, others, labelled } = shape
  const list = (values: number[]) => values.map((value) => `${value}u`).join(', ')
  return {
    ...{ DIMENSION: dimension, COLUMNS: columns, SPLIT: split, KINDS: others && labelled ? 2 : 1 },
    ...{ TERMS: count, PARENTS: list(parent), AXES: list(axis) },
  }
}

function addNode(buffers: Buffers<Names>, constants: Constants, slot: number, node: number, scale: number): void {
  const { queries, nodes, query_tags, sums } = buffers
  const [d, columns, kinds, terms] = ['DIMENSION', 'COLUMNS', 'KINDS', 'TERMS'].map((name) => Number(constants[name]))
  const split = Boolean(constants.SPLIT)
  const parts = split ? 2 : 1
  const at = node * (d * parts + 1 + columns * terms)
  const row = queryRow({ dimension: d, split } as TileShape)
  const query = (k: number) => queries[((slot >> 2) * row + k) * 4 + (slot & 3)]
  const indices = (name: string) => String(constants[name]).split(', ').map(parseFloat)
  const [parent, axis] = [indices('PARENTS'), indices('AXES')]
  let exponent = 0
  const r = Array.from({ length: d }, (_, k) => {
    const z = query(d * parts + k) / 2
    const t = query(k) - nodes[at + k] + (split ? query(d + k) - nodes[at + d + k] : 0)
    exponent += (t + z) ** 2 - z ** 2
    return (t + z) * Math.sqrt(2 * scale)
  })
  const power = [1]
  for (let a = 1; a < terms; a++) power[a] = power[parent[a]] * r[axis[a]]
  const kind = kinds === 1 || query_tags[((slot >> 2) * 2 + 1) * 4 + (slot & 3)] === nodes[at + d * parts] ? 0 : 1
  for (let b = 0; b < columns; b++) {
    const moments = at + d * parts + 1 + b * terms
    const total = power.reduce((sum, value, a) => sum + nodes[moments + a] * value, 0)
    sums[(((slot >> 2) * columns + b) * kinds + kind) * 4 + (slot & 3)] += Math.exp(-scale * exponent) * total
  }
}
