// estimateInformation against the same queries summed plainly in f64: within 1e-5 nats for noise from 1e-4 to 1, samples far from 0,
// one far outlier, and up to 256 dimensions.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { designQueries } from '../../src/information/design.js'
import { estimateInformation } from '../../src/information/estimate.js'
import { groupByInput } from '../../src/information/grouping.js'
import { drawNoise, mirror, noiseEnergies } from '../../src/information/host-samples.js'
import { openMachine } from '../../src/machine/open.js'
import { covariance, mean, variance } from '../../src/math/statistics.js'
import type { Samples } from '../../src/samples/samples.js'
import { close } from '../close.js'
import { normals } from '../truth/plain-estimator.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const count = 24
/** Queries of a round, as estimateInformation draws them, with its seed. */
const [wanted, seed] = [2 ** 15, 1]

interface Scene {
  width: number
  noiseStd: number
  offset: number
  outlier: boolean
}

function samplesOf({ width, noiseStd, offset, outlier }: Scene): Samples {
  const normal = normals(width)
  const apart = (2 * noiseStd) / Math.sqrt(width)
  const s = Float64Array.from({ length: count * width }, () => offset + apart * normal())
  if (outlier) s.fill(1e6, 0, width)
  return { count, width, s, x: null, y: null, weights: null }
}

/** The raw estimate of regime `exact`, every query against every sample: inputs are equally likely, so are queries. */
function plain(samples: Samples, noiseStd: number): number {
  const { s, width } = samples
  const { row, input, mirrored } = designQueries(groupByInput(samples), { are: 'queries', count: 16 }, wanted)
  const noise = mirror(drawNoise(row.length, width, noiseStd, seed, 0), width, mirrored)
  const logs = Float64Array.from(row, (_, q) => {
    let others = 0
    for (let c = 0; c < count; c++) {
      if (c === input[q]) continue
      let exponent = 0
      for (let k = 0; k < width; k++) {
        const t = s[row[q] * width + k] - s[c * width + k]
        exponent += t * (t + 2 * noise[q * width + k])
      }
      others += Math.exp(-exponent / (2 * noiseStd * noiseStd))
    }
    return Math.log(count) - Math.log1p(others)
  })
  const energies = noiseEnergies(noise, width, noiseStd)
  return mean(logs) - (covariance(logs, energies) / variance(energies)) * (mean(energies) - width / 2)
}

const scenes: Scene[] = [
  { width: 1, noiseStd: 1e-4, offset: 1e3, outlier: false },
  { width: 3, noiseStd: 1e-4, offset: 0, outlier: true },
  { width: 3, noiseStd: 1, offset: 1e3, outlier: true },
  { width: 10, noiseStd: 1e-2, offset: -1e3, outlier: false },
  { width: 64, noiseStd: 1e-4, offset: 1, outlier: false },
  { width: 256, noiseStd: 0.1, offset: 0, outlier: false },
]

for (const scene of scenes) {
  test(`within 1e-5 nats of f64: ${JSON.stringify(scene)}`, async () => {
    const samples = samplesOf(scene)
    const { noiseStd } = scene
    const answer = await estimateInformation(machine, samples, { noiseStd, inputs: 'all', seed })
    const truth = plain(samples, noiseStd)
    close(answer.mi!, truth, 1e-5, 'mi')
    close(answer.mi!, truth, answer.numerical_error! + answer.certificate!, 'mi, by its own bounds')
    assert.ok(truth > 0.1 && truth < Math.log(count) - 0.05, `clouds that overlap: ${truth}`)
  })
}

test.run()
