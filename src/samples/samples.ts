/**
 * Samples of one layer, from any program: rows of S, the value *before* the layer's own noise, each with the input it came from.
 * Inputs and labels are dense codes, 0 upwards in the order of first appearance: what they were called stays with the reader.
 */
export interface Samples {
  /** n: rows. */
  count: number
  /** d: numbers a row. */
  width: number
  /** count x width, row-major, finite. */
  s: Float32Array | Float64Array
  /** count: input that each row came from; null: every row is an input of its own. */
  x: Uint32Array | null
  /** count: label of each row's input, the same in all rows of an input; null: no labels. */
  y: Uint32Array | null
  /** count: p(x) of the row's input, up to a common factor, the same in all rows of an input; null: p(x) = n_x / n. */
  weights: Float64Array | null
}
