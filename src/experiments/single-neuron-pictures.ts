/** The three pictures of a neuron's training. */
import type { DataSet } from '../data/dataset.js'
import { constellationSpecification } from '../report/constellation-picture.js'
import { neuronSpecification, type NeuronState } from '../report/neuron-picture.js'
import { writePicture } from '../report/picture.js'
import { planeSpecification } from '../report/plane-picture.js'
import type { Heading } from './definition.js'
import { landmarks, neuronPlane } from './neuron-channel.js'
import { constellationPicture } from './neuron-constellations.js'

interface Seen {
  heading: Heading
  states: NeuronState[]
  noiseStd: number
  data: DataSet
}

/** Writes neuron, plane and constellation, each as SVG, PNG and vega-lite specification; returns the paths. */
export async function drawNeuron({ heading, states, noiseStd, data }: Seen, folder: string): Promise<string[]> {
  const named = milestones(states)
  const plane = planeAround(states, noiseStd, data)
  const title = `${heading.title}: weight and bias`
  const constellations = constellationPicture({ heading, states, named, noiseStd, inputs: [...data.inputs] })
  const written = [
    await writePicture('neuron', neuronSpecification({ ...heading, noiseStd, states, marks: landmarks(data) }), folder),
    await writePicture('plane', planeSpecification({ ...heading, title, states, named, plane }), folder),
    await writePicture('constellation', constellationSpecification(constellations), folder),
  ]
  return written.flat()
}

/** Up to six epochs that tell the story: the first, the highest, four steps on the way down, the last among them. */
function milestones(states: NeuronState[]): number[] {
  const top = states.reduce((best, state) => (state.exact > best.exact + 1e-5 ? state : best))
  const end = states.at(-1)!
  const after = states.filter(({ epoch }) => epoch >= top.epoch)
  const nearest = (nats: number) =>
    after.reduce((best, state) => (Math.abs(state.exact - nats) < Math.abs(best.exact - nats) ? state : best))
  const down = [0.2, 0.42, 0.7].map((part) => nearest(top.exact - part * (top.exact - end.exact)).epoch)
  return [...new Set([states[0].epoch, top.epoch, ...down, end.epoch])].sort((a, b) => a - b)
}

/** The plane around the way that training took and the origin. */
function planeAround(states: NeuronState[], noiseStd: number, { inputs }: DataSet) {
  const range = (values: number[]): [number, number] => {
    const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
    return [least - 0.15 * (most - least) - 0.1, most + 0.15 * (most - least) + 0.1]
  }
  const weights = range(states.map(({ weight }) => weight))
  const biases = range(states.map(({ bias }) => bias))
  return neuronPlane(inputs, noiseStd, weights, biases, 110)
}
