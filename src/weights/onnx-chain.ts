/** The network as far as a graph has been followed: one layer behind another, with weights. */
import { InputError } from '../errors.js'
import { layerTable, type Activation, type LayerSpec, type Shape } from '../network/network.js'
import { shown } from '../samples/wording.js'
import type { Tensor } from '../tables/rows.js'
import { sides } from './layers.js'
import { notFinite } from './mismatches.js'
import { countOf, realsOf } from './onnx-tensor.js'
import type { Call, Value } from './onnx-values.js'

/** Why infoflow has no such node, in words that follow its label. */
export class Lacking extends Error {
  /** Whether what comes out of it has the shape of what comes in. */
  readonly keepsShape: boolean

  constructor(why: string, keepsShape = false) {
    super(why)
    this.keepsShape = keepsShape
  }
}

/** A layer whose activation and bias may still change. */
export interface Built {
  spec: LayerSpec
  /** Outputs x inputs, as parameterLayout has them; empty where the layer has none. */
  weights: Float32Array
  bias: Float32Array
  /** The node that gave it no bias, while no other one has. */
  unbiased: string | null
}

const none = new Float32Array(0)

/** Numbers of a layer's output. */
const widest = 2 ** 31

/** `sample` and layers are null behind a node that is not understood: what follows is only searched for more of those. */
export class Chain {
  readonly built: (Built | null)[] = []
  readonly notes = new Set<string>()
  /** Tensors with numbers that are not finite, in words. */
  readonly notFinite = new Set<string>()
  inputShape: Shape | undefined
  readonly inputWidth: number
  /** Sides of what one input has become; one side is a vector. */
  sample: readonly number[] | null
  /** Rows, where the file says how many. */
  readonly batch: number | null
  /** The softmax behind which nothing may follow. */
  ended: string | null = null
  #numbersLeft: number

  /**
   * @param sample (width), (height, width) or (channels, height, width)
   * @param mostNumbers of all weights together, a tensor counted each time it is used, a layer each time it is changed
   */
  constructor(sample: readonly number[], batch: number | null, mostNumbers: number) {
    this.#numbersLeft = mostNumbers
    this.sample = sample
    this.batch = batch
    this.inputWidth = countOf(sample)
    this.takeInputAs(sample)
  }

  /** Before the first layer another shape is another reading of the same rows. */
  takeInputAs(sample: readonly number[]): void {
    const [width, height, channels = 1] = sample.toReversed()
    this.inputShape = sample.length === 1 ? undefined : [channels, height, width]
    this.sample = sample
  }

  /** The data become what is not known. */
  lose(): void {
    this.built.push(null)
    this.sample = null
  }

  /** A layer without a bias has zeros. Throws InputError where it cannot stand here, or is too wide. */
  add(call: Call, spec: LayerSpec, weights: Float32Array = none, bias: Float32Array | null = null): void {
    if (!this.sample) return this.lose()
    const inputShape = shapeOfSample(this.sample)
    const network = { inputWidth: countOf(inputShape), inputShape, layers: [spec], noiseStd: 0 }
    const [{ output, width }] = fitting(call, () => layerTable(network))
    if (!(width >= 1 && width < widest)) throw misfit(call, `${width} outputs`)
    this.sample = spec.type === 'dense' || spec.type === 'flatten' ? [width] : output
    const unbiased = isWeighted(spec) && !bias ? call.label : null
    this.built.push({ spec, weights, bias: bias ?? new Float32Array(outputsOf(spec)), unbiased })
  }

  /** The weighted layer that a node directly behind it may change; null where there is none, 'lost' where it is unknown. */
  get last(): Built | null | 'lost' {
    const last = this.built.at(-1)
    if (last === null) return 'lost'
    return last && isWeighted(last.spec) && last.spec.activation === 'linear' ? last : null
  }

  /** Takes numbers off those that may still be worked on. Throws InputError where they would be too many. */
  spend(count: number): void {
    this.#numbersLeft -= count
    if (!(this.#numbersLeft >= 0))
      throw new InputError(`more weights than the size of the file explains: is it the file that was meant?`)
  }

  /** The constant's numbers. Throws Lacking where it is none, InputError where all weights would be too many. */
  numbers(value: Value | null | undefined, what: string): Tensor {
    const { tensor } = constantIn(value, what)
    this.spend(countOf(tensor.shape))
    const found = realsOf(tensor)
    const wrong = notFinite(found)
    if (wrong) this.notFinite.add(wrong)
    return found
  }
}

/** Throws Lacking where a value is computed. */
export function constantIn(value: Value | null | undefined, what: string): Extract<Value, { kind: 'tensor' }> {
  if (value?.kind === 'tensor') return value
  const found = value?.kind === 'unknown' ? `come from ${value.from}` : 'are computed in the graph'
  throw new Lacking(`its ${what} ${found}, and must be constants`)
}

type Weighted = Extract<LayerSpec, { activation: Activation }>

const outputsOf = (spec: LayerSpec) => ('width' in spec ? spec.width : 'channels' in spec ? spec.channels : 0)

export const isWeighted = (spec: LayerSpec): spec is Weighted => 'activation' in spec

/** Channels, height, width; a vector is n, 1, 1. */
function shapeOfSample(sample: readonly number[]): Shape {
  if (sample.length === 1) return [sample[0], 1, 1]
  const [width, height, channels = 1] = sample.toReversed()
  return [channels, height, width]
}

function fitting<T>(call: Call, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new InputError(`${call.label}: ${error.message.replace(/^layer 1: /, '')}`)
  }
}

/** A graph whose shapes contradict each other. */
export const misfit = ({ label }: Call, found: string) =>
  new InputError(`${label}: ${found}: the graph contradicts itself; export it again`)

export const named = (tensor: { name: string; shape: readonly number[] }) =>
  `${shown(tensor.name) || 'a constant'} ${sides(tensor.shape)}`
