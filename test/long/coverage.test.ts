// test/truth/coverage.test.ts at length: 1000 repetitions for each of four networks, a few minutes.
import { test } from 'uvu'
import { coverage, holds, type Trial } from '../truth/coverage.js'

const repetitions = 1000

const options = { replicas: 16, ownReplicas: 256, batches: 16, queries: 1 }
const trials: Trial[] = [
  { name: 'weights 3', weightSeed: 3, noiseStd: 0.4, options },
  { name: 'weights 4, less noise', weightSeed: 4, noiseStd: 0.25, options: { ...options, replicas: 64 } },
  { name: 'weights 5, 32 batches', weightSeed: 5, noiseStd: 0.4, options: { ...options, replicas: 64, batches: 32 } },
  {
    name: 'weights 6, 4 queries a batch',
    weightSeed: 6,
    noiseStd: 0.3,
    options: { ...options, replicas: 64, queries: 4 },
  },
]

for (const trial of trials) {
  test(`${trial.name}: intervals cover as often as they claim`, async () => {
    const found = await coverage(trial, repetitions)
    for (const [name, scores] of found) {
      const numbers = Object.entries(scores).map(([key, value]) => `${key} ${value.toFixed(3)}`)
      process.stdout.write(`${trial.name}, ${name}: ${numbers.join(', ')}\n`)
    }
    for (const [name, scores] of found) holds(name, scores, repetitions, trial.options.batches)
  })
}

test.run()
