/** Values of a study's configuration. Every message is what was expected, the end of the sentence "-0.1 is not ...". */
import { z } from 'zod'

/** The keys of every study. */
export const common = {
  experiment: z.string('the name of an experiment'),
  mode: z.enum(['quick', 'full'], 'quick or full'),
  seed: whole(0, 4294967295, 'one seed, a whole number'),
  adapter: z.string('the name of an adapter').min(1, 'the name of an adapter').optional(),
}

export function whole(min: number, max: number, what = 'a whole number') {
  const expected = `${what} from ${min} to ${max}`
  return z.int(expected).min(min, expected).max(max, expected)
}

export function positive() {
  const expected = 'a number > 0'
  return z.number(expected).gt(0, expected)
}

/** At least one value, none twice. */
export function list<S extends z.ZodType>(of: S, what: string) {
  const distinct = (values: unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size === values.length
  return z.array(of, `a list of ${what}`).min(1, `at least 1 of ${what}`).refine(distinct, `a list without repeats`)
}

export function group<S extends z.ZodRawShape>(shape: S) {
  const expected = `a group of keys: ${Object.keys(shape).join(', ')}`
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? expected : undefined) })
}
