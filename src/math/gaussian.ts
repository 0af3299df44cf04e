/**
 * Four standard normals from 128 random bits, the f64 twin of shaders/shared/gaussian.wgsl: Box-Muller with the radius
 * from u = (bits + 1/2) / 2^32, which reaches 6.8 sigma, and the angle from a quadrant and a place in it.
 */
export function gaussians(bits: readonly [number, number, number, number]): [number, number, number, number] {
  const [a, b] = pair(bits[0], bits[1])
  const [c, d] = pair(bits[2], bits[3])
  return [a, b, c, d]
}

function pair(radiusBits: number, turn: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log((radiusBits + 0.5) / 2 ** 32))
  const angle = ((turn >>> 30) + (turn & 0x3fffffff) / 2 ** 30 - 0.5) * (Math.PI / 2)
  return [radius * Math.sin(angle), radius * Math.cos(angle)]
}
