// How long the machine sleeps before it waits: learnt from earlier waits, and soon right again after a wrong one.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { PendingWork } from '../../src/machine/pending.js'
import type { Plan } from '../../src/plan.js'

const plan: Plan = []

/** Work that takes `milliseconds` from now; how long waiting for it took, and how much of that awake. */
async function waitFor(pending: PendingWork, milliseconds: number): Promise<{ whole: number; awake: number }> {
  const start = performance.now()
  pending.add(plan, 1)
  let awake = 0
  await pending.wait(async () => {
    const woke = performance.now()
    await sleep(Math.max(0, start + milliseconds - woke))
    awake = performance.now() - woke
  })
  return { whole: performance.now() - start, awake }
}

test('it sleeps through most of a wait that it knows', async () => {
  const pending = new PendingWork()
  assert.ok((await waitFor(pending, 100)).awake > 60, 'the first time it knows nothing')
  const { whole, awake } = await waitFor(pending, 100)
  assert.ok(awake < 60, `then it is awake for ${awake} ms of 100`)
  assert.ok(whole < 160, `and does not sleep longer than the work takes: ${whole} ms`)
})

test('after one long wait it is soon back at the right length', async () => {
  const pending = new PendingWork()
  await waitFor(pending, 20)
  await waitFor(pending, 600)
  let last = 0
  for (let i = 0; i < 6; i++) last = (await waitFor(pending, 20)).whole
  assert.ok(last < 70, `${last} ms for 20 ms of work`)
})

test.run()
