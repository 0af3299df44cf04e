// Nothing is timed before it agreed; ratios are of passes of the same round; what is absent is named.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { climb } from '../../src/bench/climb.js'
import { worstShare, type Ladder, type Rung } from '../../src/bench/ladder.js'
import { together } from '../../src/bench/ladders.js'

const effort = { rounds: 3, seconds: 60, shortest: 1 }

/** A rung whose passes take what the list says, round after round; the first is the one that is not counted. */
function scripted(name: string, share: number | null, walls: number[]): Rung & { calls: number[] } {
  const calls: number[] = []
  return {
    ...{ name, kind: 'kernel', how: `${name} way`, calls },
    check: async () => share,
    pass: async (times) => {
      const wall = walls[Math.min(calls.length, walls.length - 1)] * times
      calls.push(times)
      return { wall, processor: 2 * wall }
    },
  }
}

function ladderOf(rungs: Rung[]): Ladder {
  const absent = [{ name: 'other', reason: 'not here' }]
  const about = { name: 'work', title: 'some work', reference: 'f64', work: { count: 100, unit: 'pairs' } }
  return { ...about, rungs, absent, close: async () => {} }
}

test('medians, ends and ratios are those of the rounds', async () => {
  const [naive, fast] = [scripted('naive', 0.5, [9, 4, 6, 8]), scripted('fast', 0.1, [0.5, 1, 2, 2])]
  const rows = await climb(ladderOf([naive, fast]), effort)
  const [first, second, other] = rows
  assert.equal([first.seconds, first.seconds_low, first.seconds_high], [6, 4, 8])
  assert.equal([first.speedup, first.processor_speedup], [1, 1])
  assert.equal([second.seconds, second.processor_seconds, second.rate], [2, 4, 50])
  assert.equal([second.speedup, second.speedup_low, second.speedup_high], [4, 3, 4])
  assert.equal([second.passes, second.repetitions], [2, 3])
  assert.equal(fast.calls, [1, 2, 2, 2], 'as many passes as make a second')
  assert.equal([other.status, other.note, other.seconds], ['absent', 'not here', null])
})

test('what is wrong, or NaN, is never timed, and the first that is right stands for the first', async () => {
  for (const share of [1.01, NaN]) {
    const [wrong, right] = [scripted('wrong', share, [1]), scripted('right', 1, [1])]
    const rows = await climb(ladderOf([wrong, right]), effort)
    assert.equal([rows[0].status, rows[0].seconds, wrong.calls], ['wrong', null, []])
    assert.equal([rows[1].status, rows[1].speedup], ['timed', 1])
  }
})

test('what cannot be checked says so', async () => {
  const [row] = await climb(ladderOf([scripted('loose', null, [1])]), effort)
  assert.equal([row.status, row.error_share, row.note], ['timed', null, 'not checked here'])
})

test('no round begins past the time, but one in any case; an interrupt ends it with what there is', async () => {
  const slow = scripted('slow', 0, [2])
  const [row] = await climb(ladderOf([slow]), { ...effort, seconds: -1 })
  assert.is(row.repetitions, 1)
  const controller = new AbortController()
  const second = scripted('second', 0, [2])
  const stopping = { ...scripted('first', 0, [2]), pass: async () => (controller.abort(), { wall: 2, processor: 2 }) }
  const rows = await climb(ladderOf([stopping, second]), effort, { signal: controller.signal })
  assert.equal(
    rows.map(({ repetitions, speedup }) => [repetitions, speedup]),
    [
      [0, null],
      [0, null],
      [0, null],
    ],
  )
})

test('the largest share of what is allowed; NaN wherever it is', () => {
  assert.is(
    worstShare([1, 2.5], [1, 2], () => 2),
    0.25,
  )
  assert.ok(Number.isNaN(worstShare([NaN, 2], [1, 2], () => 1)))
  assert.ok(Number.isNaN(worstShare([1, NaN], [1, 2], () => 1)))
  assert.ok(Number.isNaN(worstShare([1], [1, 2], () => 1)))
})

test('ladders added up: sums of medians, and their ratio', async () => {
  const [a, b] = [
    [6, 2],
    [2, 1],
  ].map(([full, pruned]) => ladderOf([scripted('full', 0.5, [full]), scripted('pruned', 0.2, [pruned])]))
  const all = together(
    [await climb(a, effort), await climb(b, effort)].map((rows) => rows.filter(({ status }) => status === 'timed')),
  )
  assert.equal(
    all.map(({ seconds }) => seconds),
    [8, 3],
  )
  assert.equal(
    all.map(({ speedup }) => speedup),
    [1, 8 / 3],
  )
  assert.equal(together([]), [])
})

test.run()
