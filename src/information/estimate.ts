/** I(X;T), h(T) and what surrounds them, from anybody's samples of a layer. */
import type { Machine } from '../plan.js'
import type { Samples } from '../samples/samples.js'
import type { EstimateOptions, InformationAnswer } from './answer.js'

/**
 * I(X;T) of T = S + Z, Z ~ N(0, noiseStd^2 I), from samples of S (METHOD 2). Nats.
 * @throws InputError: NaN or infinite samples, no rows, a negative or missing noiseStd
 */
export async function estimateInformation(
  machine: Machine,
  samples: Samples,
  options: EstimateOptions,
): Promise<InformationAnswer> {
  await Promise.resolve()
  throw new Error(`not made yet: ${machine.name}, ${samples.count}, ${options.noiseStd}`)
}

/** h(T), nats, of T = S + Z from independent samples of S: regime `sample`, every row an input of its own. */
export async function entropy(
  machine: Machine,
  samples: Pick<Samples, 'count' | 'width' | 's'>,
  options: EstimateOptions,
): Promise<{ entropy: number; corrected: number; se: number; low: number; high: number; answer: InformationAnswer }> {
  const answer = await estimateInformation(machine, { ...samples, x: null, y: null, weights: null }, options)
  const { h_t, h_t_corrected, h_t_se, h_t_low, h_t_high } = answer
  return { entropy: h_t!, corrected: h_t_corrected!, se: h_t_se!, low: h_t_low!, high: h_t_high!, answer }
}
