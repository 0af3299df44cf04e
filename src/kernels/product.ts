/** How a product of two matrices is cut into tiles, LINES x 4 QUADS elements each: shaders/shared/product.wgsl */
import type { Constants } from './kernel.js'
import { partSize } from './tile.js'

/** Lines of a tile at most, and columns, four by four: 64 sums, as more are slow to compile and little faster. */
const [mostLines, quads] = [8, 2]

/** The constants of a product of so many lines. */
export function productConstants(lines: number): Constants {
  return { LINES: partSize(lines, mostLines), QUADS: quads }
}

/** The same where a kernel goes without the product. */
export const noProduct: Constants = { LINES: 0, QUADS: 0 }

/** Tiles of a product of so many lines and columns. */
export function productTiles(lines: number, columns: number, { LINES, QUADS }: Constants): number {
  return Math.ceil(lines / Number(LINES)) * Math.ceil(columns / (4 * Number(QUADS)))
}
