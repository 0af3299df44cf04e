/** The AWGN/PAM view of a neuron: its points at some epochs, and what they carry at any signal-to-noise ratio. */
import type { Constellation, ConstellationPicture, Point } from '../report/constellation-picture.js'
import type { NeuronState } from '../report/neuron-picture.js'
import { fixed } from '../report/numbers.js'
import type { Heading } from './definition.js'
import { exactInformation, noiseAt, signalToNoise } from './neuron-channel.js'

interface Seen {
  heading: Heading
  states: NeuronState[]
  /** Epochs to show. */
  named: number[]
  noiseStd: number
  /** X, ascending. */
  inputs: number[]
}

/** Curves from -10 dB to 5 dB past the run's own noise, beside evenly spaced points (PAM) and the capacity. */
export function constellationPicture({ heading, states, named, noiseStd, inputs }: Seen): ConstellationPicture {
  const shown = states.filter(({ epoch }) => named.includes(epoch))
  const highest = Math.max(20, ...shown.map(({ points }) => signalToNoise(points, noiseStd)))
  const ratios = Array.from({ length: Math.ceil(highest + 15) + 1 }, (_, i) => i - 10)
  const curve = (points: number[]): Point[] =>
    ratios.map((snr) => ({ snr, nats: exactInformation(points, noiseAt(points, snr)) }))
  const constellations = shown.map(({ epoch, points, exact }): Constellation => {
    const own = { snr: signalToNoise(points, noiseStd), nats: exact }
    return { name: `epoch ${epoch}`, points, curve: curve(points), own }
  })
  const capacity = ratios.map((snr) => ({ snr, nats: Math.log1p(10 ** (snr / 10)) / 2 }))
  const ceiling = Math.log(inputs.length)
  return {
    title: `${heading.title}: the neuron as a channel`,
    subtitle: heading.subtitle,
    noiseStd,
    inputs: inputs.map((x) => `X = ${x}`),
    constellations,
    references: [
      { name: 'capacity', dash: [1.5, 3], curve: capacity, labelled: 0.8 * ceiling },
      { name: `${inputs.length}-PAM`, dash: [5, 3], curve: curve(inputs), labelled: 0.4 * ceiling },
    ],
    ceiling: { name: `log ${inputs.length} = ${fixed(ceiling)}`, nats: ceiling },
  }
}
