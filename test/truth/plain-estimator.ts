/**
 * I(X;T) the way the definition reads (METHOD 2), as a check on the program: everything in f64, one plain loop over
 * all centers for every query, averages of -log g, a random generator of its own. It shares no code with src/.
 */

/** Nats; `se` is the sampling error over the queries with the samples held fixed, not the error from few samples. */
export interface PlainEstimate {
  mi: number
  se: number
  hT: number
  hTGivenX: number
}

/**
 * `samplesByInput[x]` holds the samples of input x before the noise, row-major, `dimension` numbers each, equally many
 * for every input; inputs are equally likely. For every input `queriesPerInput` points are drawn from its own mixture;
 * each is asked for -log g_x (the mixture of its own input) and for -log g (the mean of all inputs' mixtures).
 */
export function plainMutualInformation(
  samplesByInput: ArrayLike<number>[],
  dimension: number,
  noiseStd: number,
  queriesPerInput: number,
  seed: number,
): PlainEstimate {
  const normal = normals(seed)
  const perInput = samplesByInput.map((own) => {
    const samples = own.length / dimension
    return Array.from({ length: queriesPerInput }, (_, q) => {
      const center = (q % samples) * dimension
      const y = Array.from({ length: dimension }, (_, k) => own[center + k] + noiseStd * normal())
      const logs = samplesByInput.map((centers) => logMixture(y, centers, dimension, noiseStd))
      return { all: -logMean(logs), own: -logMixture(y, own, dimension, noiseStd) }
    })
  })
  const hTGivenX = mean(perInput.map((queries) => mean(queries.map((query) => query.own))))
  const hT = mean(perInput.map((queries) => mean(queries.map((query) => query.all))))
  const variances = perInput.map((queries) => variance(queries.map((query) => query.all - query.own)))
  const se = Math.sqrt(mean(variances) / (queriesPerInput * samplesByInput.length))
  return { mi: hT - hTGivenX, se, hT, hTGivenX }
}

/** log of (1/n) sum_j phi_beta(y - s_j). */
function logMixture(y: number[], centers: ArrayLike<number>, dimension: number, noiseStd: number): number {
  const logNorm = -(dimension / 2) * Math.log(2 * Math.PI * noiseStd ** 2)
  const logs = []
  for (let start = 0; start < centers.length; start += dimension) {
    let squared = 0
    for (let k = 0; k < dimension; k++) squared += (y[k] - centers[start + k]) ** 2
    logs.push(logNorm - squared / (2 * noiseStd ** 2))
  }
  return logMean(logs)
}

function logMean(logs: number[]): number {
  const peak = logs.reduce((a, b) => Math.max(a, b))
  return peak + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - peak), 0) / logs.length)
}

/** Standard normal numbers: xorshift128 words in pairs, by Box and Muller. */
export function normals(seed: number): () => number {
  const state = Uint32Array.of(seed ^ 0x9e3779b9, 362436069, 521288629, 88675123)
  const uniform = () => {
    const t = state[0] ^ (state[0] << 11)
    state.copyWithin(0, 1)
    state[3] = state[2] ^ (state[2] >>> 19) ^ t ^ (t >>> 8)
    return (state[3] + 0.5) / 2 ** 32
  }
  for (let i = 0; i < 20; i++) uniform()
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function variance(values: number[]): number {
  const center = mean(values)
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1)
}
