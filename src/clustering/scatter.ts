/** Where some inputs of one look lie, the same ones at every epoch: what a scatter that moves with training is drawn of. */
import { scatterNeurons, type ScatterRow } from '../tables/rows.js'
import { chosenInputs, type LayerLook } from './look.js'

/** Inputs kept. */
const most = 500

/**
 * A row for each of at most 500 inputs; of a layer wider than 16 its first 16 neurons.
 * @param inputs index in the data set of each row of the look
 */
export function scatterRows({ width, s, labels, ...look }: LayerLook, inputs: Uint32Array): ScatterRow[] {
  const { seed, epoch, layer } = look
  return Array.from(chosenInputs(look, most), (place) => {
    const own = s.subarray(place * width, place * width + Math.min(width, scatterNeurons))
    const neurons = Object.fromEntries(Array.from(own, (value, i) => [`s${i + 1}`, value]))
    return { seed, epoch, layer, x: inputs[place], y: labels[place], ...neurons }
  })
}
