/** psi(x) = d/dx log Gamma(x) for x > 0, relative error about 1e-15: upwards to 10, then Stirling's series. */
export function digamma(x: number): number {
  let shifted = 0
  while (x < 10) shifted -= 1 / x++
  const u = 1 / (x * x)
  const series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u * (1 / 132 - (u * 691) / 32760)))))
  return shifted + Math.log(x) - 0.5 / x - series
}
