/**
 * Exact I(X;T) and h(T) of noise around known points, by the trapezoidal rule on a grid (X uniform, nats). The integrands
 * are smooth and die off at the border, where this rule converges exponentially; halving `steps` shows it.
 */

/** Where the signal of one input may lie, and how likely each place is; weights add up to 1. */
export interface Cloud {
  points: readonly (readonly number[])[]
  weights: readonly number[]
}

export interface Truth {
  mi: number
  hT: number
  hTGivenX: number
}

/** T = a point of the input's cloud + N(0, noiseStd^2) in each of 1 to 3 dimensions. The grid has `steps` points a noiseStd. */
export function noisyClouds(clouds: readonly Cloud[], noiseStd: number, steps = 6): Truth {
  const dimension = clouds[0].points[0].length
  const axes = Array.from({ length: dimension }, (_, k) => axis(clouds, k, noiseStd, steps))
  const cell = (noiseStd / steps) ** dimension
  let [hT, hTGivenX] = [0, 0]
  for (const t of grid(axes)) {
    const densities = clouds.map((cloud) => density(cloud, t, noiseStd))
    hT += cell * surprise(densities.reduce((sum, p) => sum + p, 0) / clouds.length)
    for (const p of densities) hTGivenX += (cell * surprise(p)) / clouds.length
  }
  return { mi: hT - hTGivenX, hT, hTGivenX }
}

/** T = the input's point + noise: section 6's constellations. */
export function noisyPoints(points: readonly (readonly number[])[], noiseStd: number, steps = 6): Truth {
  return noisyClouds(
    points.map((point) => ({ points: [point], weights: [1] })),
    noiseStd,
    steps,
  )
}

/** f(N(mean, std^2)) as a cloud: `count` places 0.1 std apart or closer, out to 8 std. */
export function pushed(f: (t: number) => number, mean: number, std: number, count = 161): Cloud {
  const at = Array.from({ length: count }, (_, i) => -8 + (16 * i) / (count - 1))
  const heights = at.map((z) => Math.exp(-(z * z) / 2))
  const total = heights.reduce((sum, h) => sum + h, 0)
  return { points: at.map((z) => [f(mean + std * z)]), weights: heights.map((h) => h / total) }
}

/** Points divided by the standard deviations of correlated noise along its axes: 2 x 2 covariance, by its Cholesky factor. */
export function whitened(points: readonly (readonly number[])[], [[a, b], [, d]]: number[][]): number[][] {
  const l11 = Math.sqrt(a)
  const l21 = b / l11
  const l22 = Math.sqrt(d - l21 * l21)
  return points.map(([x, y]) => [x / l11, (y - (l21 * x) / l11) / l22])
}

function axis(clouds: readonly Cloud[], k: number, noiseStd: number, steps: number): number[] {
  const along = clouds.flatMap(({ points }) => points.map((point) => point[k]))
  const low = Math.min(...along) - 9 * noiseStd
  const count = Math.ceil(((Math.max(...along) + 9 * noiseStd - low) / noiseStd) * steps)
  return Array.from({ length: count + 1 }, (_, i) => low + (i * noiseStd) / steps)
}

function* grid(axes: readonly number[][]): Generator<number[]> {
  if (axes.length === 0) yield []
  else for (const head of axes[0]) for (const tail of grid(axes.slice(1))) yield [head, ...tail]
}

function density({ points, weights }: Cloud, t: readonly number[], noiseStd: number): number {
  let sum = 0
  points.forEach((point, i) => {
    let square = 0
    for (let k = 0; k < t.length; k++) square += (t[k] - point[k]) ** 2
    sum += weights[i] * Math.exp(-square / (2 * noiseStd ** 2))
  })
  return sum / (2 * Math.PI * noiseStd ** 2) ** (t.length / 2)
}

function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0
}
