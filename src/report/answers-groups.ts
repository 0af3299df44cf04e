/** How a group of samples is called, and the two things that table and sentences both ask of its answer. */
import type { AnswerRow, GroupKeys } from '../tables/answers.js'
import type { Quantity } from '../tables/rows.js'
import { visible } from './numbers.js'

const longest = 32

/** 'epoch 3, layer 1', safe for a terminal; '' for a group without keys. */
export function groupName(keys: GroupKeys): string {
  return Object.entries(keys)
    .map(([name, value]) => `${short(name)} ${short(value)}`)
    .join(', ')
}

/** A name or value of a key, safe for a terminal; they may be any text, and a long one would push all else away. */
export function short(value: number | string): string {
  const text = visible(String(value))
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

/** Half the 95 % interval, null where there is none. */
export function halfWidth(row: AnswerRow, name: Quantity): number | null {
  const [low, high] = [row[`${name}_low`], row[`${name}_high`]]
  return low === null || high === null ? null : (high - low) / 2
}

/** Above step ratio 0.65 the bias correction is only a lower bound, and the interval covers sampling error alone. */
export function tooFewReplicas({ step_ratio }: AnswerRow): boolean {
  return step_ratio !== null && step_ratio > 0.65
}
