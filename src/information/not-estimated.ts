/** Which layers of a run have no estimate, and why: what is not random, and what no number of samples at hand can tell (METHOD 2.3). */
import type { DataSet } from '../data/dataset.js'
import { minimalSamples } from '../math/theory.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import type { InformationRow } from '../tables/rows.js'
import type { MeasurementOptions } from './options.js'
import { deterministicWarning } from './warnings.js'

type Reason = Pick<InformationRow, 'regime' | 'warnings'>

/** null for a layer that is estimated. */
export function reasonNotEstimated(
  { data, network, options }: { data: DataSet; network: NetworkSpec; options: MeasurementOptions },
  layer: number,
): Reason | null {
  const table = layerTable(network)
  const { noiseStd, width } = table[layer - 1]
  if (noiseStd === 0) {
    const below = table.slice(0, layer).some((one) => one.noiseStd > 0)
    return { regime: 'deterministic', warnings: [below ? noiselessAbove : deterministicWarning] }
  }
  const samples = data.count * options.replicas
  const needed = data.enumerated ? 0 : minimalSamples(width, noiseStd)
  return needed > samples
    ? { regime: 'insufficient', warnings: [insufficient(width, noiseStd, needed, samples)] }
    : null
}

const noiselessAbove =
  'no noise of its own, but noise below: I(X;T) may be finite, and sample propagation has no estimate of it'

/** Where X is a sample, its inputs are no substitute for all there are. */
function insufficient(dimension: number, noiseStd: number, needed: number, samples: number): string {
  return (
    `not estimated: in ${dimension} dimensions with noise ${noiseStd} at least ${needed.toPrecision(2)} samples are needed ` +
    `in the worst case (METHOD 2.3), and there are ${samples}`
  )
}
