/** A finite data set: `count` inputs of `width` numbers, row-major, one label each. */
export interface DataSet {
  name: string
  count: number
  width: number
  classes: number
  /** count x width. */
  inputs: Float32Array
  /** count class indices. */
  labels: Uint32Array
}
