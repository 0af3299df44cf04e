/**
 * Integrals in one dimension, and what they say of a noisy constellation: T = S + Z, S one of a few points on a line, or of a
 * few clouds of them, Z ~ N(0, noiseStd^2). Nats.
 */

/** Kronrod's 15 nodes on [-1, 1] that are not negative, their weights, and Gauss's for every second node (QUADPACK, qk15). */
const nodes = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945, 0.5860872354676911,
  0.4058451513773972, 0.20778495500789848, 0,
]
const kronrod = [
  0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592, 0.1690047266392679,
  0.19035057806478542, 0.20443294007529889, 0.20948214108472782,
]
const gauss = [0.1294849661688697, 0.27970539148927664, 0.3818300505051189, 0.4179591836734694]

/**
 * The integral of f from `from` to `to`, both finite, by the rules of Gauss (7 nodes) and Kronrod (15) on ever smaller parts,
 * until the two differ by at most `tolerance` on each part. The error is far below that where f is smooth.
 * @throws RangeError: an integrand that is NaN or infinite somewhere
 */
export function integrate(f: (t: number) => number, from: number, to: number, tolerance = 1e-11): number {
  return parts(f, from, to, tolerance, 50)
}

function parts(f: (t: number) => number, from: number, to: number, tolerance: number, halvings: number): number {
  const [fine, coarse] = rules(f, from, to)
  if (Math.abs(fine - coarse) <= Math.max(tolerance, 1e-14 * Math.abs(fine))) return fine
  if (halvings === 0) throw new RangeError(`integrate: no convergence near ${from}, where the integrand is ${f(from)}`)
  const middle = (from + to) / 2
  return parts(f, from, middle, tolerance, halvings - 1) + parts(f, middle, to, tolerance, halvings - 1)
}

function rules(f: (t: number) => number, from: number, to: number): [fine: number, coarse: number] {
  const [centre, half] = [(from + to) / 2, (to - from) / 2]
  let [fine, coarse] = [0, 0]
  nodes.forEach((node, i) => {
    const value = node === 0 ? f(centre) : f(centre - half * node) + f(centre + half * node)
    fine += half * kronrod[i] * value
    if (i % 2 === 1) coarse += half * gauss[(i - 1) / 2] * value
  })
  return [fine, coarse]
}

/** Points on a line, each with its probability; probabilities add up to 1, points may be equal. */
export interface Cloud {
  points: readonly number[]
  probabilities: readonly number[]
}

/** Information of T about the point or the input, and h(T), in nats. */
export interface NoisyInformation {
  information: number
  entropy: number
}

/**
 * I(S;T) and h(T) of T = S + N(0, noiseStd^2), S one of the points. METHOD 6 has values. Error about 1e-12 where the points lie
 * within 1e4 noiseStd.
 */
export function constellationInformation(
  points: readonly number[],
  probabilities: readonly number[],
  noiseStd: number,
): NoisyInformation {
  const entropy = noisyEntropy({ points, probabilities }, noiseStd)
  return { information: entropy - gaussianEntropy(noiseStd), entropy }
}

/** I(X;T) and h(T) of T = S + N(0, noiseStd^2), S in the cloud of the input X; `probabilities` are the inputs'. */
export function cloudInformation(
  clouds: readonly Cloud[],
  probabilities: readonly number[],
  noiseStd: number,
): NoisyInformation {
  const points = clouds.flatMap((cloud) => cloud.points)
  const weights = clouds.flatMap((cloud, x) => cloud.probabilities.map((p) => p * probabilities[x]))
  const entropy = noisyEntropy({ points, probabilities: weights }, noiseStd)
  const given = clouds.reduce((sum, cloud, x) => sum + probabilities[x] * noisyEntropy(cloud, noiseStd), 0)
  return { information: entropy - given, entropy }
}

/** h(N(0, std^2)) = log(2 pi e std^2) / 2. */
export function gaussianEntropy(std: number): number {
  return (1 + Math.log(2 * Math.PI)) / 2 + Math.log(std)
}

/** f(N(mean, std^2)) as a cloud: places a tenth of std apart, out to 8 std. Exact where f' std is a few noiseStd at most. */
export function pushed(f: (t: number) => number, mean: number, std: number): Cloud {
  const places = Array.from({ length: 161 }, (_, i) => (i - 80) / 10)
  const heights = places.map((z) => Math.exp((-z * z) / 2))
  const total = heights.reduce((sum, height) => sum + height, 0)
  return { points: places.map((z) => f(mean + std * z)), probabilities: heights.map((height) => height / total) }
}

/** h(S + Z), from the density in units of noiseStd; beyond `reach` of all points it is below 1e-19. */
function noisyEntropy({ points, probabilities }: Cloud, noiseStd: number): number {
  const places = points.map((point) => point / noiseStd)
  const surprise = (t: number): number => {
    let density = 0
    for (let i = 0; i < places.length; i++) density += probabilities[i] * Math.exp(-((t - places[i]) ** 2) / 2)
    density /= Math.sqrt(2 * Math.PI)
    return density > 0 ? -density * Math.log(density) : 0
  }
  const integrals = stretches(places).map(([from, to]) => integrate(surprise, from, to))
  return integrals.reduce((sum, integral) => sum + integral, Math.log(noiseStd))
}

const reach = 9.5

/** The line within `reach` of any place, in pieces of at most 4, so that no peak slips between the nodes. */
function stretches(places: readonly number[]): [from: number, to: number][] {
  const sorted = Float64Array.from(places).sort()
  const pieces: [number, number][] = []
  let from = sorted[0] - reach
  sorted.forEach((place, i) => {
    const end = i + 1 < sorted.length && sorted[i + 1] - place <= 2 * reach ? place : place + reach
    const count = Math.ceil((end - from) / 4)
    for (let k = 0; k < count; k++)
      pieces.push([from + ((end - from) * k) / count, from + ((end - from) * (k + 1)) / count])
    from = end === place ? place : sorted[i + 1] - reach
  })
  return pieces
}
