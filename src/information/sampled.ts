/**
 * A layer of a run whose inputs are a sample of X: its samples go the way of anybody's (estimate.ts, regime `sample`), so that the
 * inputs are left out in groups and their share of bias and interval is in the row (METHOD 2.1).
 */
import type { Machine } from '../plan.js'
import { Lane } from '../machine/lane.js'
import { quantities, type ActivationRows, type InformationRow, type QuantityColumns } from '../tables/rows.js'
import { oneSampleEach } from './answer-warnings.js'
import { estimateInformation } from './estimate.js'
import type { MeasurementOptions } from './options.js'

/** Rows of samples that are kept of a layer, about: own replicas are fewer where inputs are many. */
const mostRows = 2 ** 23

/** What is drawn: all own replicas are kept, as samples. */
export function sampledOptions(options: MeasurementOptions, inputs: number): MeasurementOptions {
  const { batches, replicas, ownReplicas } = options
  const fitting = Math.floor(mostRows / inputs / batches) * batches
  const own = Math.min(ownReplicas, Math.max(replicas, fitting))
  return { ...options, replicas: own, ownReplicas: own }
}

/** The row of a layer, with its time. */
export async function sampledRow(
  machine: Machine,
  samples: ActivationRows,
  { inputs, noiseStd }: { inputs: number; noiseStd: number },
  { replicas, batches, queries, tolerance }: MeasurementOptions,
): Promise<InformationRow> {
  const { seed, epoch, layer, width, count, x, y, s } = samples
  const lane = new Lane(machine, `sampled ${layer}`, [])
  try {
    const answer = await estimateInformation(
      lane,
      { count, width, s, x, y, weights: null },
      {
        noiseStd,
        inputs: 'sample',
        replicas,
        batches,
        certificate: tolerance,
        seed,
        queries: inputs * batches * queries,
      },
    )
    const columns = quantities.flatMap((q) => [q, `${q}_corrected`, `${q}_se`, `${q}_low`, `${q}_high`])
    const values = Object.fromEntries(columns.map((name) => [name, answer[name as keyof QuantityColumns]]))
    const { dimension, mi_ceiling, certificate, numerical_error, step_ratio, regime, seconds } = answer
    const warnings = answer.warnings.filter((text) => text !== oneSampleEach)
    return {
      ...{ seed, epoch, layer, dimension, inputs, ...(values as QuantityColumns) },
      ...{ mi_ceiling, certificate, numerical_error, step_ratio, regime, warnings, seconds },
      ...{
        replicas: answer.replicas,
        own_replicas: answer.own_replicas,
        batches: answer.batches,
        queries: answer.queries,
      },
    }
  } finally {
    lane.release()
  }
}
