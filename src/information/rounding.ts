/**
 * What f32 does to a sum of Gaussian kernels, as a bound on its relative error (METHOD 2.1, numerical error).
 *
 * Adding n positive terms one after the other: n roundings. shaders/own-sums.wgsl sums in parts of 32 steps a lane, of which there are 64 at most;
 * shaders/tile-sums.wgsl within a tile, over 64 tiles, over all, and says how many additions a term went through.
 * Each term exp(e): WGSL allows exp 3 + 2 |e| units of 2^-23; e itself, a sum of d products of
 * differences, is off by (d + 6) roundings of sum |t (t + 2z)| / 2 beta^2, and a term within 6 beta of the query has that at
 * most (6 + r)(6 + 3 r) / 2 with r = sqrt(d) the length of z in beta. Terms farther out weigh below e^-18.
 */
const unit = 2 ** -24

/** Relative error of a sum over `share` own replicas of one batch. */
export function ownRounding(dimension: number, share: number): number {
  return unit * (termUnits(dimension) + 32 + share / 32 + 64)
}

/** Relative error of a sum by tiles and moments; `additions`: the most that one term went through. */
export function tileRounding(dimension: number, additions: number): number {
  return unit * (termUnits(dimension) + additions)
}

/** Units of 2^-24 that one term may be off by. */
function termUnits(dimension: number): number {
  const root = Math.sqrt(dimension)
  const exponent = ((6 + root) * (6 + 3 * root)) / 2
  return (dimension + 6) * exponent + 2 * (3 + 2 * 18)
}
