/**
 * The spiral (Goldfeld et al. 2019): points of the plane in three arms that turn about the origin, one class each. Not all
 * X there is but a sample of it: the radius is uniform, the angle follows the arm with Gaussian noise. How far the arms
 * turn, the noise and the number of points are left open by the paper. Ours: 2/3 of a turn, 0.2 radians, 1000 a class. Of
 * these a noisy 8-9-10 tanh network (noise 0.2, Adam 0.005) tells 98 % apart after 300 epochs, which is the paper's accuracy.
 */
import { InputError } from '../errors.js'
import { gaussians } from '../math/gaussian.js'
import { philox4x32, seedKey } from '../math/philox.js'
import type { DataSet } from './dataset.js'

/** Last word of the Philox counter: see src/math/shuffle.ts and src/network/plans.ts for those of others. */
const stream = 21
const classes = 3

export interface SpiralOptions {
  /** Points of each class. */
  perClass: number
  /** How often an arm turns from the origin to radius 1. */
  turns: number
  /** Standard deviation of the angle, radians. */
  noiseStd: number
  /** 0 to 2^53 - 1. */
  seed: number
}

export const spiralDefaults: SpiralOptions = { perClass: 1000, turns: 2 / 3, noiseStd: 0.2, seed: 1 }

/**
 * 3 x perClass independent points in the unit disc, classes in turn (point i is of class i mod 3), the same for the same
 * seed; the first of them are the same however many there are. Philox counter (point, use, 0, stream).
 */
export function spiral(options: Partial<SpiralOptions> = {}): DataSet {
  const { perClass, turns, noiseStd, seed } = { ...spiralDefaults, ...options }
  requireOptions({ perClass, turns, noiseStd, seed })
  const key = seedKey(seed)
  const count = classes * perClass
  const inputs = new Float32Array(2 * count)
  for (let i = 0; i < count; i++) {
    const radius = (philox4x32([i, 0, 0, stream], key)[0] + 0.5) / 2 ** 32
    const [noise] = gaussians(philox4x32([i, 1, 0, stream], key))
    const angle = 2 * Math.PI * ((i % classes) / classes + turns * radius) + noiseStd * noise
    inputs.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i)
  }
  const labels = Uint32Array.from({ length: count }, (_, i) => i % classes)
  return { name: 'spiral', count, width: 2, classes, enumerated: false, inputs, labels }
}

function requireOptions({ perClass, turns, noiseStd }: SpiralOptions): void {
  if (!(Number.isInteger(perClass) && perClass >= 1)) {
    throw new InputError(`data.perClass: ${perClass} is not a whole number >= 1`)
  }
  if (!Number.isFinite(turns)) throw new InputError(`data.turns: ${turns} is not a finite number`)
  if (!(noiseStd >= 0 && noiseStd < Infinity)) throw new InputError(`data.noiseStd: ${noiseStd} is not >= 0`)
}
