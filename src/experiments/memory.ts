/** A list that a companion remembers, for checkpoints. */
import type { Companion } from './definition.js'

/** Its items must be plain JSON. */
export function remembered<T>(list: T[]): Required<Pick<Companion, 'state' | 'restore'>> {
  return {
    state: () => list,
    restore(state = []) {
      list.length = 0
      for (const one of state as T[]) list.push(one)
    },
  }
}
