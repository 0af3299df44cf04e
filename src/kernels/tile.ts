/**
 * How a convolution is cut into tiles: the numbers that shaders/shared/correlate.wgsl and those beside it are written out with.
 * Forward, a kernel steps over the input; backward, turned by half a turn, it goes pixel by pixel over gradients that stand apart.
 */
import type { Constants } from './kernel.js'

interface Size {
  height: number
  width: number
}

/** Result pixel y sees source pixel (step y + ky - before) / spread, where that is one. */
export interface Correlation {
  result: Size
  source: Size
  kernel: number
  step: number
  spread: number
  before: number
}

/** Pixels of a tile at most, and how many of them in a row. */
export interface Room {
  pixels: number
  width: number
}

/** Software adapters keep what does not fit their registers in a near cache, and a load costs them most. */
export const softwareRoom: Room = { pixels: 72, width: 12 }

/** 32 sums and what they are made of fit the registers of a hardware GPU's invocation. Not measured: no such GPU was at hand. */
export const hardwareRoom: Room = { pixels: 8, width: 4 }

/** The size of parts none of which exceeds `room`: the fewest there can be, as equal as they can be. */
export function partSize(size: number, room: number): number {
  return Math.ceil(size / Math.ceil(size / Math.max(1, room)))
}

/** The constants of a correlation in tiles of at most this room. */
export function tileConstants(correlation: Correlation, room: Room): Constants {
  const { result, kernel, step, spread, before } = correlation
  const width = partSize(result.width, room.width)
  const height = partSize(result.height, Math.floor(room.pixels / width))
  const columns = columnsOf(correlation, width)
  const windowHeight = step * (height - 1) + 1
  return {
    KERNEL: kernel,
    STEP: step,
    SPREAD: spread,
    BEFORE: before,
    ZEROS: before !== 0 || spread > 1,
    TILE_HEIGHT: height,
    TILE_WIDTH: width,
    TILE_PIXELS: height * width,
    TILE_KEPT: (height - 1) * width,
    WINDOW_HEIGHT: windowHeight,
    WINDOW_KEPT: (windowHeight - 1) * Number(columns.WINDOW_WIDTH),
    ...columns,
  }
}

/**
 * Columns of the source that a tile sees, from WINDOW_LEFT on, and of every column x of the tile its taps FIRST_x to FIRST_x + TAPS_x
 * - 1, the first of which sees column SEEN_x of the window. Where a tile is as wide as the result, zeros at the sides are left out.
 */
function columnsOf({ result, source, kernel, step, spread, before }: Correlation, width: number): Constants {
  const isWhole = width === result.width
  const seen = step * (width - 1) + kernel
  const [begin, end] = isWhole ? [before, before + (source.width - 1) * spread + 1] : [0, seen]
  const left = Math.min(Math.max(0, begin), seen - 1)
  const constants: Constants = { WINDOW_LEFT: left, WINDOW_WIDTH: Math.max(1, Math.min(end, seen) - left) }
  for (let x = 0; x < width; x++) {
    const first = Math.max(0, left - step * x)
    constants[`FIRST_${x}`] = first
    constants[`TAPS_${x}`] = Math.max(0, Math.min(kernel, end - step * x) - first)
    constants[`SEEN_${x}`] = step * x + first - left
  }
  return constants
}

/** Tiles in all rows and planes, four planes at a time. */
export function tileCount(rows: number, planes: number, { height, width }: Size, constants: Constants): number {
  const down = Math.ceil(height / Number(constants.TILE_HEIGHT))
  const across = Math.ceil(width / Number(constants.TILE_WIDTH))
  return rows * Math.ceil(planes / 4) * down * across
}
