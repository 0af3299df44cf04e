/** Seeds of a study's tasks: every one another, the same for the same seed of the run. */
import { InputError } from '../errors.js'

/** Each call gives the next: 2^20 for each of the 2^32 seeds a run may have, no two runs' alike. InputError beyond. */
export function seedsFrom(seed: number): () => number {
  let next = 0
  return () => {
    if (next === 2 ** 20)
      throw new InputError('repetitions: more than 2^20 estimates in all: ask for fewer of something')
    return seed * 2 ** 20 + next++
  }
}
