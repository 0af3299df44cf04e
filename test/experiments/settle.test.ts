// What a calibration picked meets what a person asked for.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode, settle } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'

const picked = { seeds: [1], epochs: 1000, measurements: 24, replicas: 8, ownReplicas: 64, batches: 8, queries: 1 }

function settled(...sets: string[]) {
  return settle(applyMode(readConfig(szt.defaults, { sets }), szt), picked).measurement
}

test('replicas that are to be saved are drawn', () => {
  assert.is(settled().replicas, 8)
  assert.is(settled('save.replicas=5').replicas, 8)
  const more = settled('save.replicas=70')
  assert.is(more.replicas, 72)
  assert.is(more.ownReplicas, 72)
})

test('a given value stays', () => {
  assert.is(settled('measurement.ownReplicas=128').ownReplicas, 128)
  assert.is(settled('measurement.replicas=16').replicas, 16)
})

test.run()
