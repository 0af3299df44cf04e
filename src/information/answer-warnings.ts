/** What a reader of an answer must know, in words that say what to do (METHOD 2.1, 2.3). Nothing is ever clamped: values stay. */
import { variance } from '../math/statistics.js'
import type { InformationAnswer } from './answer.js'
import type { Asked, Parts } from './parts.js'
import { ownWarnings, trustedStepRatio } from './warnings.js'

/** Of samples alone: whoever drew them knows whether noise lies below. */
export const oneSampleEach =
  'one sample per x: taken to be all that x leads to, as in the lowest noisy layer; if noise lies below, I is overestimated: give more samples of each x'

export function answerWarnings(row: InformationAnswer, asked: Asked, parts: Parts): string[] {
  const words = row.regime === 'sample' ? sampled(row) : ownWarnings(row)
  const tolerance = parts.floor === null || parts.floor === 'more' ? [] : [parts.floor]
  return [...words, ...ofInputs(row, asked), ...ofScale(row, asked), ...tolerance]
}

function sampled(row: InformationAnswer): string[] {
  const words: string[] = []
  if (row.inputs < 16)
    words.push(`only ${row.inputs} inputs: an interval wants 16 groups of them; add inputs, or say --inputs all`)
  if (row.mi_low === null) {
    words.push(
      'at the ceiling of the sample: nearly all inputs are told apart, so log m is all that can be seen; add inputs, or say --inputs all',
    )
    return words
  }
  if (row.sufficient === false) {
    words.push(
      `insufficient: below ${row.minimal_samples!.toPrecision(2)} samples the worst case keeps a bias above 0.1 nats (METHOD 2.3); ` +
        'only the correction tells how far this one is off: add inputs',
    )
  }
  if (row.step_ratio !== null && row.step_ratio > trustedStepRatio) {
    words.push(
      'too few replicas: the bias falls more slowly than 1/R, so the interval covers sampling error only; add samples of each input',
    )
  }
  if (Math.abs(row.input_correction!) > Math.max(0.1, 3 * row.mi_se!)) {
    words.push(
      'the correction for finite inputs is large (over 0.1 nats and 3 SE), so part of the bias may be left: add inputs',
    )
  }
  return words
}

function ofInputs({ regime, inputs }: InformationAnswer, { grouping, samples }: Asked): string[] {
  const words: string[] = []
  const { single, determined, repeated } = grouping
  if (single === inputs) {
    words.push(oneSampleEach)
  } else if (single > 0 && !determined) {
    words.push(
      `${single} of ${inputs} x have one sample only: what noise lies below them cannot be seen; give more samples of each x`,
    )
  }
  if (samples.x === null && repeated > 0) {
    words.push(
      `duplicated x: ${repeated} rows repeat another, and each counts as an input of its own; if they come from one input, name it in a column x`,
    )
  }
  if (regime !== 'exact' && !determined && single < inputs && batchesLeft(grouping)) {
    words.push('some x have fewer samples than there are batches: their bias is neither seen nor corrected')
  }
  return words
}

function batchesLeft({ inputs, starts }: Asked['grouping']): boolean {
  let [least, most] = [Infinity, 0]
  for (let x = 0; x < inputs; x++) {
    least = Math.min(least, starts[x + 1] - starts[x])
    most = Math.max(most, starts[x + 1] - starts[x])
  }
  return least < Math.min(16, most) && least > 1 && least < most
}

/** Noise that drowns the samples, or that is nothing beside the distances between them. */
function ofScale({ noise_std, mi, mi_ceiling, regime }: InformationAnswer, { samples, grouping }: Asked): string[] {
  const { s, width, count } = samples
  const step = Math.max(1, Math.floor(count / 4096))
  let most = 0
  for (let k = 0; k < width; k++) {
    most = Math.max(
      most,
      variance(Float64Array.from({ length: Math.ceil(count / step) }, (_, i) => s[i * step * width + k])),
    )
  }
  const spread = Math.sqrt(most)
  if (spread === 0) return ['all samples are equal: T is noise alone']
  if (noise_std > 10 * spread) {
    return [
      `the noise, ${noise_std}, is far above the samples' spread, ${spread.toPrecision(2)}: T is nearly noise alone; is noise-std in the units of s?`,
    ]
  }
  const apart = Math.log(grouping.inputs) - mi! < 1e-9 && Math.abs(mi! - mi_ceiling!) < 1e-9
  if (apart && regime !== 'sample' && noise_std < spread / 1000) {
    return [
      `the noise, ${noise_std}, is far below the samples' spread, ${spread.toPrecision(2)}: all inputs are told apart; is noise-std in the units of s?`,
    ]
  }
  return []
}
