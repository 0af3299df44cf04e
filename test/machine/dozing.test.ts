// Waiting without a busy core: little processor time for a long wait, hardly longer than the wait, and errors as they come.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dozing } from '../../src/machine/dozing.js'

/** Settles after `milliseconds`; until then Node asks as often as it can, as it does for a device. */
function asked(milliseconds: number): { done: Promise<string>; questions: () => number } {
  const start = performance.now()
  let questions = 0
  const done = new Promise<string>((resolve) => {
    const ask = () => {
      questions++
      if (performance.now() - start < milliseconds) setImmediate(ask)
      else resolve('done')
    }
    setImmediate(ask)
  })
  return { done, questions: () => questions }
}

test('a wait of 300 ms is asked about some hundred times, not some hundred thousand, and takes no longer', async () => {
  const start = performance.now()
  const { done, questions } = asked(300)
  assert.is(await dozing(done), 'done')
  const whole = performance.now() - start
  assert.ok(questions() > 20 && questions() < 2000, `${questions()} questions`)
  assert.ok(whole >= 300 && whole < 450, `${whole} ms`)
})

test('a short wait is not made a long one', async () => {
  const start = performance.now()
  await dozing(asked(1).done)
  assert.ok(performance.now() - start < 30)
})

test('many waits, one after the other and side by side, sleep no more than one', async () => {
  for (let i = 0; i < 200; i++) await dozing(Promise.resolve())
  const start = performance.now()
  const { done, questions } = asked(200)
  await Promise.all([dozing(done), dozing(asked(200).done), dozing(asked(150).done)])
  assert.ok(questions() > 20, `${questions()} questions`)
  assert.ok(performance.now() - start < 300)
})

test('what goes wrong goes through, and nothing dozes on', async () => {
  try {
    await dozing(Promise.reject(new Error('lost')))
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'lost')
  }
  const start = performance.now()
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(performance.now() - start < 100)
})

test.run()
