import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'

/** That `run` fails as for a person's mistake: one line, with all of these in it. */
export function mistaken(run: () => unknown, ...patterns: RegExp[]): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof InputError)) throw error
    for (const pattern of [/^[^\n]+$/, ...patterns]) assert.match(error.message, pattern)
    return true
  })
}
