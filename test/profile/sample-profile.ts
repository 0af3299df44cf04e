/** A small profile by hand, whose every time is known. */
import { roofCopy } from '../../src/kernels/roof-copy.js'
import { dispatch } from '../../src/plan.js'
import type { Profile } from '../../src/profile/profile.js'

export const kernel = roofCopy
/** Of performance.now(), milliseconds. */
export const begin = 1000.25

const at = (start: number, end: number) => ({ start: begin + start, end: begin + end })
const copy = dispatch(roofCopy, { first: 0, vectors: 2, invocations: 2 }, { source: 'a', results: 'b' })

/** 10 ms of training, 8 of them under two dispatches, then 20 ms of measuring with two readbacks that overlap; 1 ms in no phase. */
export function profileOf(): Profile {
  const phases = { preparing: 0, training: 0.008, evaluating: 0, measuring: 0.01, clustering: 0, writing: 0 }
  const dispatched = (from: number, to: number) => {
    return { command: copy, encoded: begin + from, begin: begin + from, end: begin + to }
  }
  return {
    ...{ clock: 'device', roof: { flops: 1e9, exps: 1e8, bytes: 1e6 } },
    ...at(0, 31),
    dispatches: [dispatched(5.5, 6), dispatched(6, 7), dispatched(9, 12)],
    calls: [
      { kind: 'upload', what: 'order', ...at(1, 2), bytes: 100 },
      { kind: 'submit', what: 'roof-copy', ...at(3, 5), bytes: 0 },
      { kind: 'readback', what: 'sums', ...at(11, 15), bytes: 400 },
      { kind: 'readback', what: 'noise', ...at(13, 19), bytes: 600 },
      { kind: 'wait', what: 'all work so far', ...at(20, 29), bytes: 0 },
    ],
    spans: [
      { phase: 'training', ...at(0, 10) },
      { phase: 'measuring', ...at(10, 30) },
    ],
    ...{ plain: phases, information: [] },
  }
}
