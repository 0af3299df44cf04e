/** Seeds as people write them: 3, 0..31, or 0..3,7. In a configuration file also a list. */
import { z } from 'zod'
import { InputError } from '../errors.js'

const most = 10_000
const limit = 2 ** 32 - 1

const expected = `a seed from 0 to ${limit}, a range such as 0..31, or several of them: 0..3,7`

/** A list of different seeds, out of any of these forms. */
export const seedsSchema = z.preprocess(
  listed,
  z
    .custom<number[]>(isSeeds, expected)
    .refine(({ length }) => length <= most, `at most ${most} seeds`)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'a list of seeds without repeats'),
)

/** The shortest text that `listed` reads as these seeds. */
export function seedText(seeds: readonly number[]): string {
  const parts: string[] = []
  for (let from = 0, to = 0; from < seeds.length; from = ++to) {
    while (seeds[to + 1] === seeds[to] + 1) to++
    parts.push(to > from ? `${seeds[from]}..${seeds[to]}` : `${seeds[from]}`)
  }
  return parts.join(',')
}

/** 'seed 3', 'seeds 0..31'. */
export const seedsNamed = (seeds: readonly number[]) => `${seeds.length === 1 ? 'seed' : 'seeds'} ${seedText(seeds)}`

function isSeeds(value: unknown): boolean {
  const isSeed = (seed: unknown) => Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) <= limit
  return Array.isArray(value) && value.length > 0 && value.every(isSeed)
}

/** A number or a text as a list; what is neither goes on to the schema, which refuses it. */
function listed(value: unknown): unknown {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'string' || !/^\d+(\.\.\d+)?(,\d+(\.\.\d+)?)*$/.test(value)) return value
  return value.split(',').flatMap((part) => {
    const [first, last = first] = part.split('..').map(Number)
    const count = Math.min(most + 1, last - first + 1)
    return count < 1 ? [NaN] : Array.from({ length: count }, (_, i) => first + i)
  })
}

/** @throws InputError: several seeds for an experiment that looks at one network */
export function requireOneSeed({ experiment, seeds }: { experiment: string; seeds: number[] | 'auto' }): void {
  if (seeds.length === 1) return
  const found = seeds === 'auto' ? seeds : seedText(seeds)
  throw new InputError(`seeds: ${found} is not one seed, which '${experiment}' is about: try one, or szt`)
}
