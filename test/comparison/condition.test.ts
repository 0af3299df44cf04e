/** Which runs are one condition, what conditions are called, and what is no run. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conditionsOf } from '../../src/comparison/condition.js'
import { readRuns } from '../../src/comparison/run.js'
import { InputError } from '../../src/errors.js'
import { scratch } from '../commands/process.js'
import { writeRun } from './synthetic.js'

const root = scratch(test)
const at = (...parts: string[]) => join(root, ...parts)
const one = (folder: string, seed: number, configuration = {}) =>
  writeRun(at(folder), { curves: [{ seed, mi: [1, 3, 2] }], configuration })
const conditions = (...folders: string[]) => conditionsOf(readRuns(folders))
const names = (...folders: string[]) => conditions(...folders).map(({ name }) => name)

function refused(folders: string[], expected: RegExp): void {
  assert.throws(
    () => conditions(...folders),
    (error: unknown) => error instanceof InputError && expected.test(error.message) && !error.message.includes('\n'),
  )
}

test('seeds of one configuration are one condition, whatever was saved beside', () => {
  const folders = [
    one('a-001', 1),
    one('a-002', 2, { save: { weights: true } }),
    one('b-001', 1, { noise: { std: 0.01 } }),
  ]
  const [a, b] = conditions(...folders)
  assert.equal([a.name, a.seeds, b.name], ['a-001 +1', [1, 2], 'b-001'])
  assert.equal(b.differs, ['noise.std: 0.01 (not none)'])
  // the same seed again is another run, not more seeds
  assert.is(conditions(one('c-001', 1), one('c-002', 1)).length, 2)
})

test('a folder of runs stands for all of them, and seeds in it go by its name', () => {
  for (const seed of [1, 2, 10]) one(join('full', `seed-${seed}`), seed)
  const [all] = conditions(at('full'))
  assert.equal([all.name, all.seeds], ['full', [1, 2, 10]])
})

test("the same names get their parents'", () => {
  const folders = [one(join('x', 'szt'), 1), one(join('y', 'szt'), 1, { a: 1 }), one('plain', 1, { a: 2 })]
  assert.equal(names(...folders), ['x/szt', 'y/szt', 'plain'])
})

test('a run that goes on is read from its streams', () => {
  const folder = writeRun(at('going'), { curves: [{ seed: 1, mi: [1, 3] }], status: 'running' })
  const [going] = conditions(folder)
  assert.equal([going.finished, going.ends, going.information.length], [false, [1, 1], 2])
})

test('no run, a run without layers, a damaged table, another version, the same twice: one line each', () => {
  mkdirSync(at('empty'))
  refused([at('empty')], /empty: not a run's folder: expected run.json/)
  refused([at('nowhere')], /nowhere: cannot be read \(ENOENT\)/)
  mkdirSync(at('study'))
  writeFileSync(at('study', 'run.json'), '{ "status": "finished" }')
  refused([at('study')], /study: has no information.arrow/)
  refused([one('d', 1), at('d') + '/'], /given twice/)
  const table = join(one('cut', 1), 'information.arrow')
  writeFileSync(table, readFileSync(table).subarray(0, 2000))
  refused([at('cut')], /information.arrow: .*copy it again/)
  writeFileSync(join(one('other', 1), 'training.arrow'), readFileSync(at('d', 'information.arrow')))
  refused([at('other')], /training.arrow: table information, schema version 1: expected table training/)
  refused([writeRun(at('none'), { curves: [], status: 'running' })], /no measurement yet: wait/)
})

test('conditions without an epoch in common are refused', () => {
  const curves = [{ seed: 1, mi: [1, 2] }]
  const early = writeRun(at('early'), { curves, epochs: [0, 5] })
  const late = writeRun(at('late'), { curves, epochs: [6, 7], configuration: { a: 1 } })
  refused([early, late], /late: measured at epoch 6 to 7, none of those of .*early \(0 to 5\)/)
})

test.run()
