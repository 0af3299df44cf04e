/**
 * What `infoflow run single-neuron` adds: exact quadrature beside each estimate, as rows of rivals.arrow (estimator
 * `quadrature`), three pictures, and whether the two agree.
 */
import type { DataSet } from '../data/dataset.js'
import { InputError } from '../errors.js'
import { normalCdf, normalQuantile } from '../math/statistics.js'
import type { NeuronState } from '../report/neuron-picture.js'
import { fixed, wrapped } from '../report/numbers.js'
import type { Look } from '../scheduler.js'
import type { Recorder } from '../tables/rows.js'
import type { Config } from './config.js'
import type { Companion } from './definition.js'
import { remembered } from './memory.js'
import { requireOneSeed } from './seeds.js'
import { exactInformation, exactStandardError, landmarks, neuronPoints } from './neuron-channel.js'

/** A state, and how far its estimate is from the truth, in the larger of its own and the exact standard error. */
interface Checked extends NeuronState {
  deviation: number
}

/** @throws InputError: a network that is not one tanh neuron with noise */
export async function singleNeuronCompanion(config: Config, data: DataSet): Promise<Companion> {
  requireOneSeed(config)
  requireNeuron(config)
  const noiseStd = config.noise.std
  const states: Checked[] = []
  return {
    async looked(look, recorder) {
      states.push(await checked(look, recorder, { noiseStd, data }))
    },
    async draw(folder, heading) {
      if (states.length < 2) return []
      const { drawNeuron } = await import('./single-neuron-pictures.js')
      return drawNeuron({ heading, states, noiseStd, data }, folder)
    },
    words: () => words(states, data),
    ...remembered(states),
  }
}

function requireNeuron({ network, noise }: Config): void {
  const [hidden, ...rest] = network.layers
  if (rest.length !== 1 || !('width' in hidden) || hidden.width !== 1 || hidden.activation !== 'tanh') {
    const found = network.layers.map((one) => ('width' in one ? `${one.width} ${one.activation}` : one.type)).join(', ')
    throw new InputError(`network.layers: ${found} is not 1 tanh, 2 linear, the neuron of this experiment: try szt`)
  }
  if (noise.std === 0) throw new InputError('noise.std: 0 is not > 0, which a channel needs: try binning')
}

async function checked(
  { seed, epoch, rows: [row], parameters }: Look,
  recorder: Recorder,
  { noiseStd, data }: { noiseStd: number; data: DataSet },
): Promise<Checked> {
  const [weight, bias] = await parameters()
  const start = performance.now()
  const points = neuronPoints(data.inputs, weight, bias)
  const exact = exactInformation(points, noiseStd)
  const seconds = (performance.now() - start) / 1000
  const measures = 'I(X;T) exactly: an integral over T, for the weight and bias of this epoch'
  const place = { seed, epoch, layer: 1, dimension: 1, estimator: 'quadrature', parameter: '' }
  recorder.rival({ ...place, quantity: 'mi', value: exact, se: 0, points: data.count, measures, seconds })
  const error = Math.max(row.mi_se!, exactStandardError(points, noiseStd, row.queries))
  const beyond = Math.max(0, Math.abs(row.mi_corrected! - exact) - row.numerical_error!)
  const estimate = { estimate: row.mi_corrected!, low: row.mi_low!, high: row.mi_high! }
  return { seed, epoch, weight, bias, points, exact, ...estimate, deviation: beyond === 0 ? 0 : beyond / error }
}

function words(states: Checked[], data: DataSet): string {
  if (states.length < 2) return ''
  const [first, last] = [states[0], states.at(-1)!]
  const top = states.reduce((best, state) => (state.exact > best.exact + 1e-5 ? state : best))
  const label = landmarks(data)[2][1]
  const worst = states.reduce((most, state) => (state.deviation > most.deviation ? state : most))
  const limit = sizeLimit(states.length)
  const close = states.every(({ deviation }) => deviation <= limit)
  const highest = `${fixed(top.exact)} nats (epoch ${top.epoch})`
  const start =
    top === first ? `began at ${highest}` : `went from ${fixed(first.exact)} (epoch ${first.epoch}) to ${highest}`
  const fell = `ended at ${fixed(last.exact)} with w = ${fixed(last.weight, 2)}, b = ${fixed(last.bias, 2)}`
  return [
    `Exactly, I(X;T) ${start} and ${fell}; log ${data.count} = ${fixed(Math.log(data.count))}, ` +
      `H(Y) = ${fixed(label)}.${merged(last)}`,
    `The estimates ${close ? 'agree' : 'DO NOT AGREE'} with quadrature: the farthest of ${states.length} is ` +
      `${fixed(worst.deviation, 2)} standard errors off (epoch ${worst.epoch}); the limit is ${fixed(limit, 2)}, which is ` +
      `4 for one row, widened for so many.`,
  ]
    .map((text) => wrapped(text))
    .join('\n')
}

/** The limit that all rows together pass as often as a single one passes 4 standard errors. */
function sizeLimit(rows: number): number {
  return -normalQuantile(normalCdf(-4) / rows)
}

/** Says what is together in the end, where anything is. */
function merged({ points }: NeuronState): string {
  const low = points.filter((s) => s < -0.95).length
  const high = points.filter((s) => s > 0.95).length
  const count = Math.max(low, high)
  if (count < 2) return ''
  return ` In the end ${count} of the ${points.length} inputs lie within 0.05 of ${low >= high ? -1 : 1}, in the saturated tail.`
}
