// The trace as its format wants it (Chrome's Trace Event Format): complete events with numbers that nest, in named lanes. Perfetto drops
// slices of a lane that overlap without nesting, in silence, so this is what decides whether one sees everything.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lanesOf, overlap, union } from '../../src/profile/intervals.js'
import { traceOf, type TraceEvent } from '../../src/profile/trace.js'
import { checkTrace, lanes } from './check-trace.js'
import { kernel, profileOf } from './sample-profile.js'

test('events come in the order of their starts, with finite times, in lanes that have names', () => {
  const { traceEvents, displayTimeUnit } = JSON.parse(JSON.stringify(traceOf(profileOf(), { title: 't' })))
  assert.is(displayTimeUnit, 'ms')
  checkTrace(traceEvents)
  assert.equal(lanes(traceEvents), [
    'host: phases',
    'host: readbacks and waits',
    'host: readbacks and waits 2',
    'device (times of the device): dispatches',
  ])
})

test('dispatches say what they did, readbacks their bytes; times are microseconds from the start', () => {
  const { traceEvents } = traceOf(profileOf(), {})
  const of = (name: string) => traceEvents.filter((one) => one.name === name)
  const [first, second] = of('roof-copy')
  assert.equal(
    [first.ts, first.dur, first.args],
    [5500, 500, { ...kernel.work({ first: 0, vectors: 2, invocations: 2 }, {}) }],
  )
  assert.equal([second.ts, second.dur], [6000, 1000])
  assert.equal(of('readback sums')[0].args, { bytes: 400 })
  assert.is(of('training')[0].ts, 0)
})

test('a check that sees slices that overlap, and lanes without a name', () => {
  const slice = (ts: number, dur: number, tid = 1): TraceEvent => ({ name: 'x', ph: 'X', pid: 1, tid, ts, dur })
  const name: TraceEvent = { name: 'thread_name', ph: 'M', pid: 1, tid: 1, ts: 0, args: { name: 'lane' } }
  checkTrace([name, slice(0, 10), slice(2, 3), slice(5, 5), slice(10, 1)])
  for (const wrong of [[slice(0, 10), slice(5, 6)], [slice(5, 6), slice(0, 1)], [slice(0, 1, 2)], [slice(0, -1)]]) {
    assert.ok(
      fails(() => checkTrace([name, ...wrong])),
      JSON.stringify(wrong),
    )
  }
})

test('stretches of time: what they cover, what they share, and lanes in which none overlap', () => {
  const some = [
    [5, 7],
    [0, 2],
    [1, 3],
    [7, 8],
  ].map(([start, end]) => ({ start, end }))
  assert.equal(union(some), [
    { start: 0, end: 3 },
    { start: 5, end: 8 },
  ])
  assert.is(
    overlap(union(some), [
      { start: 2, end: 6 },
      { start: 7.5, end: 9 },
    ]),
    2.5,
  )
  assert.is(overlap([], union(some)), 0)
  assert.equal(lanesOf(some), [0, 0, 1, 0])
})

test.run()

/** uvu's own `throws` lets assertions through. */
function fails(check: () => void): boolean {
  try {
    check()
    return false
  } catch {
    return true
  }
}
