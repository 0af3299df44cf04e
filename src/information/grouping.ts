/** Samples by the input they came from: which rows, how likely, and whether noise lies below the layer at all. */
import { InputError } from '../errors.js'
import type { Samples } from '../samples/samples.js'

export interface Grouping {
  /** m. */
  inputs: number
  /** Rows of input x: rows[starts[x] .. starts[x + 1] - 1], in the order of the samples. */
  starts: Uint32Array
  rows: Uint32Array
  /** inputs: p(x), adding up to 1, and label (null: none). */
  probability: Float64Array
  label: Uint32Array | null
  /** All samples of an input are equal: S is a function of X, so one sample stands for all, and h(T|X) is that of the noise. */
  determined: boolean
  /** Inputs with one sample only, and rows that repeat an earlier row. */
  single: number
  repeated: number
}

/** @throws InputError: no rows, a label or a weight that is not the same in all rows of an input, no positive weight */
export function groupByInput(samples: Samples): Grouping {
  const { count, x } = samples
  let inputs = x === null ? count : 0
  for (let row = 0; x !== null && row < count; row++) inputs = Math.max(inputs, x[row] + 1)
  const starts = new Uint32Array(inputs + 1)
  for (let row = 0; row < count; row++) starts[(x === null ? row : x[row]) + 1]++
  for (let i = 0; i < inputs; i++) starts[i + 1] += starts[i]
  const next = starts.slice()
  const rows = new Uint32Array(count)
  for (let row = 0; row < count; row++) rows[next[x === null ? row : x[row]]++] = row
  const placed = { inputs, starts, rows }
  let single = 0
  for (let i = 0; i < inputs; i++) if (starts[i + 1] - starts[i] === 1) single++
  return {
    ...placed,
    probability: probabilities(samples, placed),
    label: samples.y === null ? null : labels(samples.y, placed),
    determined: isDetermined(samples, placed),
    ...{ single, repeated: repeatedRows(samples) },
  }
}

type Placed = Pick<Grouping, 'inputs' | 'starts' | 'rows'>

function probabilities({ weights, count }: Samples, { inputs, starts, rows }: Placed): Float64Array {
  if (weights === null) return Float64Array.from({ length: inputs }, (_, i) => (starts[i + 1] - starts[i]) / count)
  const given = Float64Array.from({ length: inputs }, (_, i) => weights[rows[starts[i]]])
  const total = given.reduce((sum, p) => sum + p, 0)
  if (!(total > 0)) throw new InputError(`weights: their sum is ${total}, expected above 0`)
  return given.map((p) => p / total)
}

function labels(y: Uint32Array, { inputs, starts, rows }: Placed): Uint32Array {
  const label = new Uint32Array(inputs)
  for (let i = 0; i < inputs; i++) {
    label[i] = y[rows[starts[i]]]
    const odd = rows.subarray(starts[i], starts[i + 1]).find((row) => y[row] !== label[i])
    if (odd !== undefined) throw new InputError(`y: row ${odd} has another label than the first row of its input`)
  }
  return label
}

function isDetermined({ s, width }: Samples, { inputs, starts, rows }: Placed): boolean {
  for (let i = 0; i < inputs; i++) {
    const first = rows[starts[i]] * width
    for (let r = starts[i] + 1; r < starts[i + 1]; r++) {
      for (let k = 0; k < width; k++) if (s[rows[r] * width + k] !== s[first + k]) return false
    }
  }
  return true
}

/** Counted through the sorted order of the rows' numbers, so that equal rows are neighbours. */
function repeatedRows({ s, width, count }: Samples): number {
  const compare = (a: number, b: number) => {
    for (let k = 0; k < width; k++) {
      const difference = s[a * width + k] - s[b * width + k]
      if (difference !== 0) return difference
    }
    return 0
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(compare)
  let repeated = 0
  for (let i = 1; i < count; i++) if (compare(order[i - 1], order[i]) === 0) repeated++
  return repeated
}
