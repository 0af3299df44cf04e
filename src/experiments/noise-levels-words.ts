/** What I(X;T) at fixed weights says, from one row for each noise and layer. */
import { fixed, wrapped } from '../report/numbers.js'
import type { NoiseLevelRow } from '../tables/rows.js'

/** Where each layer has lost half of what it knows under the least noise. `trained`: null where layers differed in training. */
export function noiseLevelWords(rows: NoiseLevelRow[], trained: number | null): string {
  const noises = [...new Set(rows.map((row) => row.noise_std))]
  if (noises.length < 2) return ''
  const layers = [...new Set(rows.map(({ layer }) => layer))]
  const [least, most] = [noises[0], noises.at(-1)!]
  const at = (layer: number, noise: number) =>
    rows.find((row) => row.layer === layer && row.noise_std === noise)!.mi_corrected!
  const list = (noise: number) => layers.map((layer) => fixed(at(layer, noise), 2)).join(', ')
  const halves = layers.map((layer) => {
    const half = noises.find((noise) => at(layer, noise) < at(layer, least) / 2)
    return half === undefined ? `layer ${layer} nowhere up to ${most}` : `layer ${layer} at ${half}`
  })
  const middle = trained !== null && noises.includes(trained) ? `, ${list(trained)} at the trained ${trained}` : ''
  return wrapped(
    `At the same weights, I(X;T) of layers ${layers[0]} to ${layers.at(-1)} is ${list(least)} nats under noise ${least}${middle}, ` +
      `and ${list(most)} under ${most}. The first noise of the grid to leave less than half: ${halves.join(', ')}. ` +
      `${ofTraining(trained)}: these rows say how far apart the activations lie, not what a network trained with that noise would do.`,
  )
}

function ofTraining(noise: number | null): string {
  if (noise === null) return 'No such noise was part of training, in which each layer had its own'
  return noise > 0 ? `Noise other than ${noise} was not part of training` : 'No noise was part of training'
}
