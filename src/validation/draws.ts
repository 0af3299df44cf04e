/** Random numbers of the samples made here; their stream is no other's, so that estimating with the same seed shares none. */
import { gaussians } from '../math/gaussian.js'
import { philox4x32, seedKey } from '../math/philox.js'

const stream = 11

/** Which of the two counters' third words: normals and uniforms never share any either. */
const [ofNormals, ofUniforms] = [0, 1]

export interface Draws {
  /** N(0, 1). */
  normal(): number
  /** Uniform, between 0 and 1 and neither. */
  uniform(): number
}

/** Independent numbers, the same for the same seed (0 to 2^53 - 1). Philox counter (block, 0, use, stream). */
export function draws(seed: number): Draws {
  const key = seedKey(seed)
  const bits = (block: number, use: number) => philox4x32([block, 0, use, stream], key)
  return {
    normal: oneByOne((block) => gaussians(bits(block, ofNormals))),
    uniform: oneByOne((block) => bits(block, ofUniforms).map((word) => (word + 0.5) / 2 ** 32)),
  }
}

function oneByOne(four: (block: number) => readonly number[]): () => number {
  let [block, used, numbers] = [0, 4, [] as readonly number[]]
  return () => {
    if (used === 4) [numbers, used] = [four(block++), 0]
    return numbers[used++]
  }
}
