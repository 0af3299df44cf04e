/** A finite data set: `count` inputs of `width` numbers, row-major, one label each. */
export interface DataSet {
  name: string
  count: number
  width: number
  classes: number
  /** Whether X is uniform on exactly these inputs; false where they are a sample of what X may be. */
  enumerated: boolean
  /** Where an input is a picture: its numbers are channels x height x width, row-major; their product is `width`. */
  shape?: readonly [channels: number, height: number, width: number]
  /** Data that come with a split of their own: inputs from this index on are the test set, those before it train. */
  testFrom?: number
  /** count x width. */
  inputs: Float32Array
  /** count class indices. */
  labels: Uint32Array
  /** What the classes are called, by index, where their labels had names. */
  classNames?: readonly string[]
}
