/**
 * A curve in a few rows of a terminal, without colour: eight dots a character (Braille, U+2800) or, where only ASCII is to be had,
 * one. Neighbouring points are joined.
 */
export interface ChartPoint {
  /** From 0 (left) to 1 (right). */
  x: number
  y: number
}

export interface ChartFrame {
  /** Characters. */
  columns: number
  rows: number
  /** What the lowest and the highest dot stand for. */
  low: number
  high: number
  ascii: boolean
}

/** `rows` lines of `columns` characters, the highest first; points outside of the frame are at its edge. */
export function terminalChart(points: readonly ChartPoint[], frame: ChartFrame): string[] {
  const { columns, rows, ascii } = frame
  const [across, down] = ascii ? [1, 1] : [2, 4]
  const [width, height] = [columns * across, rows * down]
  const dots = new Set<number>()
  const placed = points
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .map((point) => [placeIn(point.x, width), height - 1 - placeIn(shareOf(point.y, frame), height)] as const)
  for (const [i, to] of placed.entries()) {
    for (const [x, y] of line(placed[i - 1] ?? to, to)) dots.add(y * width + x)
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => character(dots, column, row, width, ascii)).join(''),
  )
}

const shareOf = (y: number, { low, high }: ChartFrame) => (y - low) / (high - low)

const placeIn = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))))

/** All dots from one to the other. */
function* line(from: readonly [number, number], to: readonly [number, number]): Generator<[number, number]> {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1)
  for (let step = 0; step <= steps; step++) {
    const share = step / steps
    yield [Math.round(from[0] + share * (to[0] - from[0])), Math.round(from[1] + share * (to[1] - from[1]))]
  }
}

/** Bits of a Braille character, by row and column of its dots. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
]

function character(dots: Set<number>, column: number, row: number, width: number, ascii: boolean): string {
  if (ascii) return dots.has(row * width + column) ? '*' : ' '
  const lit = bits.flatMap((pair, y) => pair.filter((_, x) => dots.has((4 * row + y) * width + 2 * column + x)))
  const code = lit.reduce((sum, bit) => sum + bit, 0)
  return code === 0 ? ' ' : String.fromCodePoint(0x2800 + code)
}
