/** The groups of samples that a file holds, and the line that says what was read. */
import { counted, visible } from '../report/numbers.js'
import type { SampleGroup } from '../samples/read.js'
import type { Samples } from '../samples/samples.js'
import type { EstimateRequest } from './estimate-request.js'

/** 'layer.npz: 12800 rows of 3 numbers, 64 inputs, 2 labels, 4 groups (epoch, layer); the inputs taken as a sample'. */
export function readLine(groups: readonly SampleGroup[], { samples, options }: EstimateRequest): string {
  const all = groups.map((group) => group.samples)
  const rows = all.reduce((sum, { count }) => sum + count, 0)
  const keys = Object.keys(groups[0].keys)
  const each = groups.length > 1 ? ' a group' : ''
  const inputs = all.every(({ x }) => x === null)
    ? 'no x, so that every row is an input of its own'
    : `${span(all.map(inputsIn), 'input')}${each}`
  const parts = [
    `${counted(rows, 'row')} of ${span(
      all.map(({ width }) => width),
      'number',
    )}`,
    inputs,
    ...(all.some(({ y }) => y !== null) ? [`${span(all.map(labelsIn), 'label')}${each}`] : []),
    ...(all.some(({ weights }) => weights !== null) ? ['weighted'] : []),
    ...(keys.length > 0 ? [`${counted(groups.length, 'group')} (${keys.join(', ')})`] : []),
  ]
  const taken = options.inputs === 'all' ? 'as all there are' : 'as a sample of all there are (see --inputs)'
  return visible(`${samples}: ${parts.join(', ')}; the inputs are taken ${taken}`)
}

/** What an estimate costs, up to a factor: every sample against every other one. */
export function costOf({ count, width }: Samples): number {
  return count * count * (width + 1)
}

const inputsIn = ({ x, count }: Samples) => (x === null ? count : codes(x))
const labelsIn = ({ y }: Samples) => (y === null ? 0 : codes(y))

/** Codes are dense: one more than the highest. */
const codes = (values: Uint32Array) => values.reduce((highest, value) => Math.max(highest, value + 1), 0)

/** '64 inputs', '16 to 64 inputs'. */
function span(values: number[], noun: string): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? counted(high, noun) : `${low} to ${counted(high, noun)}`
}
