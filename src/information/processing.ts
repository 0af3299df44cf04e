/** The data processing inequality among answers of one network: no layer knows more than the one below. */
import type { GroupAnswer } from '../tables/answers.js'
import { processing } from './warnings.js'

/** Adds a warning to each answer above the layer below it. Groups without a numeric key `layer` are left alone. */
export function addProcessingWarnings(answers: readonly GroupAnswer[]): void {
  const networks = new Map<string, GroupAnswer[]>()
  for (const answer of answers) {
    const { layer, ...rest } = answer.keys
    if (typeof layer !== 'number') continue
    const key = JSON.stringify(rest)
    networks.set(key, [...(networks.get(key) ?? []), answer])
  }
  for (const layers of networks.values()) {
    const sorted = layers.toSorted((a, b) => Number(a.keys.layer) - Number(b.keys.layer))
    sorted.forEach(({ answer }, i) => {
      if (i === 0 || answer.mi_se === null || sorted[i - 1].answer.mi_se === null) return
      answer.warnings.push(...processing(sorted[i - 1].answer, answer))
    })
  }
}
