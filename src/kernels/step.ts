/**
 * The struct Step of shaders/shared/step.wgsl as 32-bit words: five u32 and two f32. Buffers of Steps are u32 arrays, the
 * floats bit for bit inside, because that is what lies in memory.
 */
import { seedKey } from '../math/philox.js'
import type { Numbers } from './kernel.js'

export interface Step {
  /** Of the network's noise: a whole number up to 2^53 - 1. */
  seed: number
  noiseStep: number
  batchStart: number
  rows: number
  /** Adam: learning rate / (1 - beta1^t). */
  stepSize: number
  /** Adam: sqrt(1 - beta2^t). */
  correction: number
}

export const stepWords = 7

/** Words of the given steps, one after the other. */
export function packSteps(steps: readonly Step[]): Uint32Array {
  const words = new Uint32Array(steps.length * stepWords)
  const floats = new Float32Array(words.buffer)
  steps.forEach((step, i) => {
    words.set([...seedKey(step.seed), step.noiseStep, step.batchStart, step.rows], i * stepWords)
    floats.set([step.stepSize, step.correction], i * stepWords + 5)
  })
  return words
}

/** The Step at the head of a buffer. */
export function unpackStep(words: Numbers): Step {
  const head = Uint32Array.from(words.subarray(0, stepWords))
  const floats = new Float32Array(head.buffer)
  const [low, high, noiseStep, batchStart, rows] = head
  return { seed: high * 2 ** 32 + low, noiseStep, batchStart, rows, stepSize: floats[5], correction: floats[6] }
}
