/** Layers with weight normalisation to test kernels on; what lies around and between their numbers belongs to others. */
import { uniform } from './samples.js'

/** Weights from place 5 on, bias 3 behind them, gains 4 behind that. */
export function normalisedLayer(inputs: number, outputs: number) {
  const bias_at = 5 + inputs * outputs + 3
  return { inputs, outputs, weights_at: 5, bias_at, gains_at: bias_at + outputs + 4 }
}

export type NormalisedShape = ReturnType<typeof normalisedLayer>

export const normalisedShapes = [
  [1, 1],
  [12, 10],
  [3, 65],
  [784, 64],
].map(([inputs, outputs]) => normalisedLayer(inputs, outputs))

/** Random v, b and g at their places, `around` elsewhere. */
export function rawOf({ inputs, outputs, weights_at, bias_at, gains_at }: NormalisedShape, around = NaN) {
  const raw = new Float32Array(gains_at + outputs + 2).fill(around)
  raw.set(uniform(inputs * outputs, 11), weights_at)
  raw.set(uniform(outputs, 12), bias_at)
  raw.set(uniform(outputs, 13, 0.5, 2), gains_at)
  return raw
}

/** The places of v, b and g, row by row. */
export function placesOf({ inputs, outputs, weights_at, bias_at, gains_at }: NormalisedShape) {
  return Array.from({ length: outputs }, (_, o) => ({
    weights: Array.from({ length: inputs }, (_, i) => weights_at + o * inputs + i),
    bias: bias_at + o,
    gain: gains_at + o,
  }))
}
