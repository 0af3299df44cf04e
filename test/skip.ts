// Tests that this machine cannot run. A skip carries its reason: the test runner counts the lines printed here,
// repeats them above its last line, and fails a file that leaves out a test in any other way.
import type { Test } from 'uvu'

/** Leaves out the test `name` and says why, in a few words; an empty reason is an error. */
export function skip<T>(test: Test<T>, name: string, reason: string): void {
  if (!reason.trim()) throw new Error(`test '${name}' is skipped without a reason`)
  process.stdout.write(`\nSKIP ${name}: ${reason.replace(/\s+/g, ' ')}\n`)
  test.skip(name)
}

/** Adds the test `name` where `possible`, else leaves it out for `reason` ("no adapter on this machine"). */
export function testIf<T>(possible: boolean, reason: string, test: Test<T>, name: string, run: () => unknown): void {
  if (possible) test(name, async () => void (await run()))
  else skip(test, name, reason)
}
