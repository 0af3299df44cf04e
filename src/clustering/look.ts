/** What is looked at: one layer of one network at one moment, in a pass without noise. Rows of a look: METHOD 4. */
import { InputError } from '../errors.js'
import { permutation } from '../math/shuffle.js'
import type { Activation } from '../network/network.js'

export interface LayerLook {
  seed: number
  epoch: number
  /** From 1. */
  layer: number
  /** d: numbers a row. */
  width: number
  /** m: inputs. */
  count: number
  /** count x width, row-major, finite: the layer of each input without any noise. */
  s: Float32Array
  /** count: class of each input, below `classes`. */
  labels: Uint32Array
  classes: number
  /** beta of the layer in a noisy pass; 0 where it is deterministic. */
  noiseStd: number
  /** Of the layer, or of the one below where this one only pools or rearranges; null: unknown, in histograms its own range. */
  activation: Activation | null
}

/** Inputs whose pairs are formed. */
export interface PairInputs {
  count: number
  width: number
  /** count x width, f64. */
  points: Float64Array
  labels: Uint32Array
}

/** Last word of the philox counters that choose the inputs. */
const pairStream = 20

/** InputError where the lengths do not fit, a label is none, or a number is not finite. */
export function checkLook({ epoch, layer, width, count, s, labels, classes }: LayerLook): void {
  const place = `clustering of layer ${layer}, epoch ${epoch}`
  if (count < 1 || s.length !== count * width || labels.length !== count) {
    const found = `${s.length} activations and ${labels.length} labels`
    throw new InputError(`${place}: found ${found}, expected ${count} x ${width} and ${count}, at least one input`)
  }
  const label = labels.find((one) => one >= classes)
  if (label !== undefined) throw new InputError(`${place}: found label ${label}, expected one below ${classes}`)
  const at = s.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const input = Math.floor(at / width)
  throw new InputError(`${place}: found ${s[at]} for input ${input}, expected finite numbers; has training diverged?`)
}

/** Places of `most` inputs at random (all where they are no more), ascending: for a seed the same in every layer and at every epoch. */
export function chosenInputs({ seed, count }: Pick<LayerLook, 'seed' | 'count'>, most: number): Uint32Array {
  if (count <= most) return Uint32Array.from({ length: count }, (_, x) => x)
  return permutation(count, seed, pairStream, 0).slice(0, most).sort()
}

/** Those inputs of the look, as points of f64. */
export function pairInputs({ seed, count, width, s, labels }: LayerLook, most: number): PairInputs {
  const chosen = chosenInputs({ seed, count }, most)
  const points = new Float64Array(chosen.length * width)
  chosen.forEach((x, i) => points.set(s.subarray(x * width, (x + 1) * width), i * width))
  return { count: chosen.length, width, points, labels: chosen.map((x) => labels[x]) }
}
