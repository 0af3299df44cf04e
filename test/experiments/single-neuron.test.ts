// A neuron through a whole run, beside values that come from elsewhere: quadrature of the tests' own, closed forms, draws.
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readConfig } from '../../src/experiments/read-config.js'
import {
  exactInformation,
  exactStandardError,
  landmarks,
  neuronPlane,
  neuronPoints,
  noiseAt,
  signalToNoise,
} from '../../src/experiments/neuron-channel.js'
import { fourInputs, singleNeuron } from '../../src/experiments/single-neuron.js'
import { normalCdf, normalQuantile } from '../../src/math/statistics.js'
import { readRows } from '../../src/tables/read.js'
import type { InformationRow, RivalRow } from '../../src/tables/rows.js'
import { readSafetensors } from '../../src/tables/safetensors.js'
import { close } from '../close.js'
import { scratch, succeed } from '../commands/process.js'
import { noisyPoints } from '../truth/quadrature.js'

const folder = scratch(test)
const inputs = [-3, -1, 1, 3]
let words = ''

test('the neuron climbs to log 4, then falls to H(1/4), and every estimate is where quadrature says', async () => {
  words = (await succeed(folder, 'run', 'single-neuron', '--out', 'neuron')).stdout
  const rows = readRows<InformationRow>(join(folder, 'neuron', 'information.arrow'))
  const exact = readRows<RivalRow>(join(folder, 'neuron', 'rivals.arrow'))
  assert.equal(
    exact.map(({ epoch, estimator, quantity }) => [epoch, estimator, quantity]),
    rows.map(({ epoch }) => [epoch, 'quadrature', 'mi']),
  )
  const limit = -normalQuantile(normalCdf(-4) / rows.length)
  rows.forEach((row, i) => {
    const points = pointsAt(row.epoch)
    const truth = noisyPoints(
      points.map((s) => [s]),
      0.01,
    ).mi
    close(exact[i].value!, truth, 1e-9, `quadrature of epoch ${row.epoch}`)
    const error = Math.max(row.mi_se!, exactStandardError(points, 0.01, row.queries))
    const allowed = limit * error + row.numerical_error!
    close(row.mi_corrected!, truth, allowed, `estimate of epoch ${row.epoch}, against ${limit} SE`)
    assert.ok(error < 0.01, `epoch ${row.epoch}: SE ${error} nats`)
  })
  const values = exact.map(({ value }) => value!)
  assert.ok(values[0] < 1.2, 'the run begins with points that overlap')
  close(Math.max(...values), Math.log(4), 1e-6, 'highest')
  close(values.at(-1)!, 0.5623351, 1e-3, 'last: H(1/4)')
})

/** tanh(w x + b) from the saved weights. */
function pointsAt(epoch: number): number[] {
  const { tensors } = readSafetensors(join(folder, 'neuron', 'weights', `epoch-${epoch}.safetensors`))
  const [weight, bias] = ['0.weight', '0.bias'].map((name) => tensors.find((one) => one.name === name)!.data[0])
  return inputs.map((x) => Math.tanh(weight * x + bias))
}

test('it says so in words, and draws three pictures more', () => {
  const text = words.replace(/\s+/g, ' ')
  assert.match(text, /Exactly, I\(X;T\) went from 1\.1189 \(epoch 0\) to 1\.3863 nats .* ended at 0\.562\d /)
  assert.match(text, /3 of the 4 inputs lie within 0\.05 of -1, in the saturated tail/)
  assert.match(text, /The estimates agree with quadrature: the farthest of 61 is \d\.\d\d standard errors off/)
  for (const name of ['neuron', 'plane', 'constellation']) {
    const file = (ending: string) => join(folder, 'neuron', `${name}.${ending}`)
    assert.is(readFileSync(file('png')).subarray(1, 4).toString(), 'PNG')
    assert.match(readFileSync(file('svg'), 'utf8'), /^<svg .*<\/svg>\s*$/s)
    assert.ok(words.includes(`${name}.png`), `${name} is not among what was written`)
  }
})

test('a neuron is the constellation of its points: METHOD 6', () => {
  const at = (weight: number, bias: number, noise: number) =>
    exactInformation(neuronPoints(inputs, weight, bias), noise)
  close(at(1, 0, 0.1), 1.10205654, 1e-8, 'w 1, b 0, noise .1')
  close(at(0.5, 0, 0.1), 1.35003995, 1e-8, 'w .5, b 0, noise .1')
  close(at(1, -2, 0.01), 1.05403138, 1e-8, 'w 1, b -2, noise .01')
  const plane = neuronPlane(inputs, 0.01, [1, 5], [-2, 0], 3)
  close([plane.values[0], plane.values[2 * 3 + 2]], [1.05403138, 0.69315749], 1e-8, 'corners (1, -2) and (5, 0)')
})

test('the exact standard error is the spread of what single draws of the noise say', () => {
  const [points, noise, draws] = [[-1, -0.985, 0.5, 0.53], 0.01, 20_000]
  let state = 1
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32
  const values = points.map((own) =>
    Array.from({ length: draws }, () => said(points, own, noise * normalQuantile(uniform()), noise)),
  )
  const variances = values.map((some) => {
    const mean = some.reduce((a, b) => a + b, 0) / draws
    return some.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws - 1)
  })
  const drawn = Math.sqrt(variances.reduce((a, b) => a + b, 0) / 4 / 4096)
  close(exactStandardError(points, noise, 4096), drawn, 0.03 * drawn, 'against 20,000 draws a point')
})

/** log of the density at own + z over that of z around its own point. */
function said(points: number[], own: number, z: number, noise: number): number {
  return Math.log(points.reduce((sum, s) => sum + Math.exp((z * z - (own + z - s) ** 2) / (2 * noise * noise)), 0))
}

test('SNR in dB, there and back; landmarks without noise', () => {
  close(signalToNoise([-1, 1], 0.1), 20, 1e-12, '10 log10 of 1 over .01')
  close(noiseAt([-3, -1, 1, 3], signalToNoise([-3, -1, 1, 3], 0.25)), 0.25, 1e-12, 'there and back')
  const values = landmarks(fourInputs()).map(([, nats]) => nats)
  close(values, [Math.log(4), 1.5 * Math.log(2), 0.5623351], 1e-7, 'log 4, two merged, H(1/4)')
})

test('what is no neuron with noise is refused, with what to do', async () => {
  const refusal = async (...sets: string[]) => {
    try {
      await singleNeuron.companion!(readConfig(singleNeuron.defaults, { sets }), fourInputs())
      return 'nothing'
    } catch (error) {
      return (error as Error).message
    }
  }
  assert.is(await refusal(), 'nothing')
  assert.is(await refusal('noise.std=0'), 'noise.std: 0 is not > 0, which a channel needs: try binning')
  assert.match(await refusal('network.layers.0.width=2'), /^network.layers: 2 tanh, 2 linear is not 1 tanh, 2 linear, /)
})

test.run()
