/** I(X;T) of samples in f64, one plain loop over all rows for every query: a check on truths and samples, not on the estimator. */
import type { Samples } from '../../src/samples/samples.js'
import { normals } from '../truth/plain-estimator.js'

export interface PlainAnswer {
  mi: number
  /** Of the queries alone. */
  se: number
}

/**
 * Queries go round the rows; each stands for p(x) / (rows of x) of `samples`. The mixtures are those of `centers`, or of the
 * samples themselves: the former are biased downwards in log-density, the latter upwards.
 */
export function plainInformation(samples: Samples, noiseStd: number, queries: number, centers = samples): PlainAnswer {
  const { count, width, s } = samples
  const normal = normals(7)
  const [probability, mixture] = [rowProbabilities(samples), rowProbabilities(centers)]
  const terms = Array.from({ length: queries }, (_, q) => {
    const row = Math.floor(((q + 0.5) * count) / queries)
    const y = Array.from({ length: width }, (_, k) => s[row * width + k] + noiseStd * normal())
    return { weight: probability[row], log: logRatio(samples, centers, row, y, noiseStd, mixture) }
  })
  const total = terms.reduce((sum, { weight }) => sum + weight, 0)
  const mi = terms.reduce((sum, { weight, log }) => sum + (weight / total) * log, 0)
  const square = terms.reduce((sum, { weight, log }) => sum + ((weight / total) * (log - mi)) ** 2, 0)
  return { mi, se: Math.sqrt(square) }
}

/** log p(y | own input) - log p(y). */
function logRatio(
  samples: Samples,
  centers: Samples,
  row: number,
  y: number[],
  noiseStd: number,
  mixture: Float64Array,
): number {
  let [all, own, ownRows] = [0, 0, 0]
  for (let j = 0; j < centers.count; j++) {
    const kernel = kernelAt(centers, j, y, noiseStd)
    all += mixture[j] * kernel
    if (samples.x && samples.x[row] === centers.x![j]) [own, ownRows] = [own + kernel, ownRows + 1]
  }
  return Math.log(samples.x ? own / ownRows : kernelAt(samples, row, y, noiseStd)) - Math.log(all)
}

/** exp(-|y - s_j|^2 / 2 noiseStd^2); wide rows stay far from underflow with the noise of the cases. */
function kernelAt({ s, width }: Samples, j: number, y: number[], noiseStd: number): number {
  let square = 0
  for (let k = 0; k < width; k++) square += (y[k] - s[j * width + k]) ** 2
  return Math.exp(-square / (2 * noiseStd ** 2))
}

function rowProbabilities({ count, x, weights }: Samples): Float64Array {
  if (!x) return new Float64Array(count).fill(1 / count)
  const rows = new Map<number, number>()
  for (const input of x) rows.set(input, (rows.get(input) ?? 0) + 1)
  const each = Float64Array.from(x, (input, i) => (weights?.[i] ?? 1) / rows.get(input)!)
  const total = each.reduce((sum, one) => sum + one, 0)
  return each.map((one) => one / total)
}
