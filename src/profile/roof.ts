/**
 * What the adapter can do at most, measured on it: multiplications and additions, exponentials, and bytes, each by a kernel that does
 * nothing else, in the shape that comes out best.
 */
import type { Constants, Work } from '../kernels/kernel.js'
import { roofCopy } from '../kernels/roof-copy.js'
import { roofExp } from '../kernels/roof-exp.js'
import { chainConstants, roofMultiplyAdd } from '../kernels/roof-multiply-add.js'
import type { GpuMachine } from '../machine/gpu.js'
import { PassTimer } from '../machine/pass-timer.js'
import { dispatch, type Command, type Plan } from '../plan.js'

/** Per second. */
export type Roof = Record<'flops' | 'exps' | 'bytes', number>
export const resources = ['flops', 'exps', 'bytes'] as const

/** Vectors that an invocation moves at a time: too few leave units idle, too many leave the registers. */
const chains = [1, 2, 4]
/** Steps written out, beside which a loop's own cost is small: few of exponentials, which compile slowly on software adapters. */
const steps = { multiplyAdd: 16, exp: 4 }
/** Invocations: some for every lane there is, many times over. */
const invocations = { software: 2 ** 10, hardware: 2 ** 18 }
/** Bytes of each of the two arrays of a copy, more than caches hold, and parts in which it is copied. */
const copied = { software: { bytes: 2 ** 25, parts: 32 }, hardware: { bytes: 2 ** 29, parts: 1 } }
/** Seconds that a dispatch should take, and the least from which its rounds are scaled up; the best of so many counts. */
const timed = { seconds: 0.015, least: 2e-4, times: 4 }

/** The three rates. Frees what it allocates, and expects nothing allocated by those names. */
export async function measureRoof(gpu: GpuMachine): Promise<Roof> {
  const flops = await bestOfChains(gpu, steps.multiplyAdd, (count, rounds, constants) => {
    const params = { count, rounds, a: 0.999, b: 0.001 }
    return dispatch(roofMultiplyAdd, params, buffers, constants)
  })
  const exps = await bestOfChains(gpu, steps.exp, (count, rounds, constants) =>
    dispatch(roofExp, { count, rounds }, buffers, constants),
  )
  return { flops: flops.flops, exps: exps.exps, bytes: await copyRate(gpu) }
}

const buffers = { start: 'roof.start', results: 'roof.results' }

async function bestOfChains(
  gpu: GpuMachine,
  written: number,
  command: (count: number, rounds: number, constants: Constants) => Command,
): Promise<Work> {
  const count = gpu.software ? invocations.software : invocations.hardware
  const length = count * 4 * Math.max(...chains)
  gpu.allocate({ [buffers.start]: { type: 'f32', length }, [buffers.results]: { type: 'f32', length } })
  gpu.write(buffers.start, new Float32Array(length).fill(0.5))
  const best: Work = { flops: 0, exps: 0, bytes: 0 }
  for (const chain of chains) {
    const rates = await rateOf(gpu, (rounds) => command(count, rounds, chainConstants(chain, written)))
    for (const resource of resources) best[resource] = Math.max(best[resource], rates[resource])
  }
  gpu.release(Object.values(buffers))
  return best
}

/** With as many rounds as take long enough, from a dispatch that takes a little. */
async function rateOf(gpu: GpuMachine, command: (rounds: number) => Command): Promise<Work> {
  const shortest = async (rounds: number, times: number) => {
    const plan = [command(rounds)]
    await gpu.prepare(plan)
    return Math.min(...(await secondsOf(gpu, plan, times)))
  }
  let [rounds, seconds] = [4, await shortest(4, 2)]
  for (; seconds < timed.least && rounds < 2 ** 24; seconds = await shortest(rounds, 2)) rounds *= 8
  rounds = Math.max(rounds, Math.ceil((rounds * timed.seconds) / seconds))
  return perSecond(command(rounds), await shortest(rounds, timed.times))
}

/** Part by part, so that no dispatch is long; by the time a part's turn comes again, others have taken its place in the caches. */
async function copyRate(gpu: GpuMachine): Promise<number> {
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.device.limits
  const kind = gpu.software ? 'software' : 'hardware'
  const all = Math.min(copied[kind].bytes, maxStorageBufferBindingSize, maxBufferSize)
  const vectors = Math.floor(all / 16 / copied[kind].parts)
  const names = { source: 'roof.source', results: 'roof.results' }
  const plan = Array.from({ length: copied[kind].parts }, (_, part) =>
    dispatch(roofCopy, { first: part * vectors, vectors, invocations: invocations[kind] }, names),
  )
  const length = 4 * vectors * plan.length
  gpu.allocate({ [names.source]: { type: 'f32', length }, [names.results]: { type: 'f32', length } })
  await gpu.prepare(plan)
  // pages that nobody has written may all be the same one: write every one of both arrays
  gpu.run(plan)
  gpu.copy(names.results, 0, names.source, 0, length)
  const seconds = await secondsOf(gpu, plan, timed.times)
  gpu.release(Object.values(names))
  return perSecond(plan[0], Math.min(...seconds)).bytes
}

function perSecond({ kernel, params, constants }: Command, seconds: number): Work {
  const { flops, exps, bytes } = kernel.work(params, constants)
  return { flops: flops / seconds, exps: exps / seconds, bytes: bytes / seconds }
}

/** Of each dispatch of so many runs, by the device's clock or, where it has none, by the host's. */
async function secondsOf(gpu: GpuMachine, plan: Plan, times: number): Promise<number[]> {
  if (!PassTimer.fits(gpu.device)) return hostSecondsOf(gpu, plan, times)
  const timer = new PassTimer(gpu.device)
  gpu.timer = timer
  gpu.run(plan, times)
  gpu.timer = null
  return (await timer.collect()).map(({ begin, end }) => (end - begin) / 1000)
}

async function hostSecondsOf(gpu: GpuMachine, plan: Plan, times: number): Promise<number[]> {
  const seconds: number[] = []
  await gpu.device.queue.onSubmittedWorkDone()
  const single = plan.map((command) => [command])
  for (const one of single) await gpu.prepare(one)
  for (let i = 0; i < times * single.length; i++) {
    const start = performance.now()
    gpu.run(single[i % single.length])
    await gpu.device.queue.onSubmittedWorkDone()
    seconds.push((performance.now() - start) / 1000)
  }
  return seconds
}
