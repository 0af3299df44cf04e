/**
 * Reed-Muller codes RM(r, m): the values, at all points of {0, 1}^m, of the polynomials of degree at most r in m binary variables
 * (Muller 1954, Reed 1954). Length 2^m, 2^k words with k = C(m, 0) + ... + C(m, r), minimum distance 2^(m - r).
 */
export interface ReedMullerCode {
  /** "RM(2,4)". */
  name: string
  order: number
  variables: number
  /** 2^m: bits of a word, uses of the channel. */
  length: number
  /** k: bits of a message. */
  dimension: number
  distance: number
  /** k words of `length` bits, of the monomials by degree: a word is the sum modulo 2 of those that the message picks. */
  generator: readonly Uint8Array[]
}

/** 0 <= order <= variables <= 12; RangeError otherwise. */
export function reedMuller(order: number, variables: number): ReedMullerCode {
  const whole = Number.isInteger(order) && Number.isInteger(variables)
  if (!(whole && order >= 0 && order <= variables && variables <= 12)) {
    throw new RangeError(`RM(${order},${variables}): expected 0 <= r <= m <= 12`)
  }
  const length = 2 ** variables
  const monomials = Array.from({ length }, (_, mask) => mask).filter((mask) => ones(mask) <= order)
  monomials.sort((a, b) => ones(a) - ones(b) || a - b)
  const generator = monomials.map((mask) => Uint8Array.from({ length }, (_, at) => ((at & mask) === mask ? 1 : 0)))
  return {
    ...{ name: `RM(${order},${variables})`, order, variables, length },
    ...{ dimension: generator.length, distance: 2 ** (variables - order), generator },
  }
}

/** The word of a message, a bit for each word of the generator. */
export function codeword({ generator, length }: ReedMullerCode, message: (bit: number) => boolean): Uint8Array {
  const word = new Uint8Array(length)
  generator.forEach((row, bit) => {
    if (message(bit)) for (let at = 0; at < length; at++) word[at] ^= row[at]
  })
  return word
}

/** All 2^k words, row by row; RangeError above 2^20 of them. */
export function allCodewords(code: ReedMullerCode): Uint8Array[] {
  if (code.dimension > 20) throw new RangeError(`${code.name}: 2^${code.dimension} words are too many to list`)
  return Array.from({ length: 2 ** code.dimension }, (_, number) =>
    codeword(code, (bit) => ((number >>> bit) & 1) === 1),
  )
}

/** Words as signals of a channel (binary phase-shift keying): bit 0 is 1, bit 1 is -1; row-major. */
export function signals(words: readonly Uint8Array[]): Float64Array {
  const length = words[0].length
  return Float64Array.from(
    { length: words.length * length },
    (_, i) => 1 - 2 * words[Math.floor(i / length)][i % length],
  )
}

function ones(mask: number): number {
  let count = 0
  for (let rest = mask; rest > 0; rest >>>= 1) count += rest & 1
  return count
}
