/**
 * How far the device's normals may be off their f64 twin. u = (bits + 1/2) / 2^32 rounds twice, so that log u is off by 2
 * roundings and by its own error (WGSL: 2^-21 near 1, else 3 units of 2^-23); r = sqrt(r2) with r2 = -2 log u turns an error
 * e of r2 into at most min(sqrt e, e / r) and adds the square root's 10 roundings; the polynomials' last terms left out are
 * below 2^-24 on [-pi/4, pi/4], and with their arguments' roundings sine and cosine are within 8.
 */
import { philox4x32, seedKey } from '../../src/math/philox.js'
import { rounding } from '../close.js'

export type Bits = [number, number, number, number]

/** For each of the four normals made from these bits. */
export function normalErrors(bits: Bits): number[] {
  return [bits[0], bits[0], bits[2], bits[2]].map((word) => {
    const log = -Math.log((word + 0.5) / 2 ** 32)
    const off = 2 * (2 * rounding + (log < 0.7 ? 2 ** -21 : 6 * rounding * log))
    const radius = Math.sqrt(2 * log)
    return Math.min(Math.sqrt(off), off / radius) + 18 * rounding * radius + 1e-30
  })
}

/** Which normals: rows of `width` from `firstRow`, each drawn four columns at a time. */
export interface Draw {
  rows: number
  width: number
  seed: number
  layer: number
  noiseStep: number
  stream: number
  firstRow?: number
}

/** For every normal of a draw, rows x width. */
export function drawErrors({ rows, width, seed, layer, noiseStep, stream, firstRow = 0 }: Draw): number[] {
  const quads = Math.ceil(width / 4)
  return Array.from({ length: rows }, (_, row) => {
    const blocks = Array.from({ length: quads }, (_, quad) => (firstRow + row) * quads + quad)
    const errors = blocks.flatMap((block) => normalErrors(philox4x32([block, layer, noiseStep, stream], seedKey(seed))))
    return errors.slice(0, width)
  }).flat()
}
