/** What answers say about a layer, in one plain sentence with numbers to two decimals. */
import type { AnswerRow, GroupAnswer } from '../tables/answers.js'
import { groupName, halfWidth, tooFewReplicas } from './answers-groups.js'
import { bits as toBits, counted, fixed, withMargin } from './numbers.js'

type Estimated = AnswerRow & { mi: number; mi_corrected: number }

/** The sentence for one group; `bits`: numbers in bits instead of nats. */
export function meaningOf(row: AnswerRow, bits: boolean): string {
  if (row.regime === 'deterministic') return withoutNoise(row, bits)
  if (!isEstimated(row)) return 'There is no estimate of I(X;T).'
  if (reachedSampleCeiling(row)) return sampleCeiling(row, bits)
  return `${kept(row, bits)}${aboutLabel(row, bits)}${correction(row, bits)}${doubt(row)}.`
}

/** One sentence for many groups. */
export function meaningOfAll(answers: readonly GroupAnswer[], bits: boolean): string {
  const told = answers.filter(({ answer }) => isEstimated(answer))
  const rest = remarks(answers)
  if (told.length === 0) return `None of ${counted(answers.length, 'group')} has an estimate of I(X;T)${rest}.`
  const sorted = told.toSorted((a, b) => a.answer.mi_corrected! - b.answer.mi_corrected!)
  const [low, high] = [sorted[0], sorted[sorted.length - 1]].map(
    ({ keys, answer }) => `${margin(answer, bits)} (${groupName(keys)})`,
  )
  return `I(X;T) of ${counted(told.length, 'group')} lies between ${low} and ${high} ${unit(bits)}${rest}.`
}

function remarks(answers: readonly GroupAnswer[]): string {
  const counts: [(row: AnswerRow) => boolean, string][] = [
    [(row) => isEstimated(row) && reachedSampleCeiling(row), 'at the ceiling of the sample, so that X may have more'],
    [tooFewReplicas, 'with too few replicas to trust the interval'],
    [(row) => row.regime === 'deterministic', 'without noise, where nothing can be estimated'],
  ]
  return counts
    .map(([is, text]) => [answers.filter(({ answer }) => is(answer)).length, text] as const)
    .filter(([count]) => count > 0)
    .map(([count, text]) => `; ${counted(count, 'group')} ${text}`)
    .join('')
}

/**
 * Whether the inputs of a sample are all told apart: then the estimate is log m whatever X holds, and has no interval.
 */
function reachedSampleCeiling(row: Estimated): boolean {
  return row.regime === 'sample' && row.mi_ceiling !== null && row.mi_low === null
}

function withoutNoise({ binned_entropy }: AnswerRow, bits: boolean): string {
  const rule =
    'Without noise there is nothing to estimate: I(X;T) is H(S) for finite X (H(X) when S tells all inputs apart) ' +
    'and infinite for continuous X'
  if (binned_entropy === null) return `${rule}.`
  const binned = `${amount(binned_entropy, bits)} ${unit(bits)}`
  return `${rule}; counted in 30 bins for each neuron S has ${binned}, and other bins would give another number.`
}

function sampleCeiling({ inputs, mi_ceiling }: Estimated, bits: boolean): string {
  return (
    `The layer tells all ${inputs} inputs of the sample apart, so that ${amount(mi_ceiling!, bits)} ${unit(bits)} is ` +
    `the ceiling of the sample and not what T knows of X: add inputs, or say --inputs all if these are all there are.`
  )
}

function kept(row: Estimated, bits: boolean): string {
  const most = row.mi_ceiling === null ? null : amount(row.mi_ceiling, bits)
  const value = margin(row, bits)
  if (row.mi_low !== null && row.mi_low <= 0) {
    return `The layer keeps no information about its input that this can see: ${value} ${unit(bits)}`
  }
  if (row.regime === 'sample') {
    const limit = most === null ? '' : ` (from ${row.inputs} inputs no more than ${most} can be seen)`
    return `The layer keeps ${value} ${unit(bits)} about its input${limit}`
  }
  const of = most === null ? '' : ` of at most ${most}`
  return `The layer keeps ${value}${of} ${unit(bits)} about which input it saw`
}

function aboutLabel({ label_mi_corrected, mi_low }: Estimated, bits: boolean): string {
  return label_mi_corrected === null || (mi_low !== null && mi_low <= 0)
    ? ''
    : `, ${amount(label_mi_corrected, bits)} of them about the label`
}

/** How far the raw estimate was off, and why; nothing where that rounds to nothing. */
function correction(row: Estimated, bits: boolean): string {
  const parts: [number | null, string][] = [
    [row.replica_correction, 'the finite replicas'],
    [row.input_correction, 'the finite inputs'],
  ]
  const causes = parts.filter(([part]) => part !== null && amount(part, bits) !== '0.00')
  const off = row.mi - row.mi_corrected
  if (causes.length < 2 && shift(off, bits) === 'the same') return ''
  const raw = `; the raw estimate was ${shift(off, bits)}`
  if (causes.length < 2) return raw + causes.map(([, what]) => ` because of ${what}`).join('')
  return `${raw}: ${causes.map(([part, what]) => `${shift(-part!, bits)} for ${what}`).join(', ')}`
}

/** '0.17 higher', '0.17 lower', 'the same'. */
function shift(nats: number, bits: boolean): string {
  const size = amount(Math.abs(nats), bits)
  return size === '0.00' ? 'the same' : `${size} ${nats > 0 ? 'higher' : 'lower'}`
}

function doubt(row: Estimated): string {
  return tooFewReplicas(row) ? '; replicas are too few, and its bias may be larger than the interval' : ''
}

function margin(row: AnswerRow, bits: boolean): string {
  const half = halfWidth(row, 'mi')
  return bits ? withMargin(toBits(row.mi_corrected), toBits(half), 2) : withMargin(row.mi_corrected, half, 2)
}

const amount = (nats: number, bits: boolean) => fixed(bits ? toBits(nats) : nats, 2)
const unit = (bits: boolean) => (bits ? 'bits' : 'nats')
const isEstimated = (row: AnswerRow): row is Estimated => Number.isFinite(row.mi_corrected) && Number.isFinite(row.mi)
