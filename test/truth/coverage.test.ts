// The 95 % intervals hold the truth about as often as they say, in the lowest noisy layer and above it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { coverage, holds, mostMisses, type Trial } from './coverage.js'

const repetitions = 150

const trials: Trial[] = [
  {
    name: 'more own replicas than shared ones',
    weightSeed: 1,
    noiseStd: 0.4,
    options: { replicas: 16, ownReplicas: 64, batches: 16, queries: 1 },
  },
  {
    name: '8 batches, several queries',
    weightSeed: 2,
    noiseStd: 0.3,
    options: { replicas: 32, ownReplicas: 64, batches: 8, queries: 4 },
  },
]

for (const trial of trials) {
  test(`${trial.name}: intervals cover as often as they claim`, async () => {
    const found = await coverage(trial, repetitions)
    for (const [name, scores] of found) holds(name, scores, repetitions, trial.options.batches)
    const { covered, rawCovered } = found.get('layer 2, mi')!
    assert.ok(rawCovered < covered, `${rawCovered} of intervals about raw values would cover, ${covered} do`)
  })
}

test('the bar: misses that 150 intervals of 95 % have with a chance under 1e-5', () => {
  assert.is(mostMisses(4, 0.5, 0.07), 3)
  assert.is(mostMisses(150, 0.05, 1e-5), 21)
})

test.run()
