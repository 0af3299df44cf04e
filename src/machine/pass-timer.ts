/** When dispatches began and ended on the device, by its own clock: a pass of its own for each, with a timestamp on either side. */
import type { Listed } from '../kernels/kernel.js'
import type { Command } from '../plan.js'

export interface TimedDispatch {
  command: Command
  /** What the host had listed for it. */
  listed?: Listed
  /** Milliseconds of the host's clock (performance.now) when it was encoded. */
  encoded: number
  /** Milliseconds of the device's clock, or of the host's where the device has none. */
  begin: number
  end: number
}

/** Passes that one query set holds: WebGPU allows 4096 queries in one. */
const passesPerSet = 2048

export class PassTimer {
  readonly #device: GPUDevice
  #sets: GPUQuerySet[] = []
  #noted: Omit<TimedDispatch, 'begin' | 'end'>[] = []

  /** Whether the device can tell times. */
  static fits(device: GPUDevice): boolean {
    return device.features.has('timestamp-query')
  }

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Begins the pass of this command alone. */
  begin(encoder: GPUCommandEncoder, command: Command, listed?: Listed): GPUComputePassEncoder {
    const place = this.#noted.length % passesPerSet
    if (place === 0) this.#sets.push(this.#device.createQuerySet({ type: 'timestamp', count: 2 * passesPerSet }))
    this.#noted.push({ command, listed, encoded: performance.now() })
    const indices = { beginningOfPassWriteIndex: 2 * place, endOfPassWriteIndex: 2 * place + 1 }
    return encoder.beginComputePass({ timestampWrites: { querySet: this.#sets.at(-1)!, ...indices } })
  }

  /** Waits for the work, and gives all that was timed since the last call, in the order of the calls. */
  async collect(): Promise<TimedDispatch[]> {
    const [noted, sets] = [this.#noted, this.#sets]
    this.#noted = []
    this.#sets = []
    const times: Float64Array[] = []
    for (const [i, set] of sets.entries()) {
      times.push(await this.#timesOf(set, Math.min(passesPerSet, noted.length - i * passesPerSet)))
    }
    return noted.map((one, i) => {
      const [of, at] = [times[Math.floor(i / passesPerSet)], 2 * (i % passesPerSet)]
      return { ...one, begin: of[at], end: of[at + 1] }
    })
  }

  /** Of the first passes of a set, two times each. */
  async #timesOf(set: GPUQuerySet, passes: number): Promise<Float64Array> {
    const size = 16 * passes
    const buffer = (usage: number) => this.#device.createBuffer({ size, usage })
    const resolved = buffer(GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC)
    const staging = buffer(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    const encoder = this.#device.createCommandEncoder()
    encoder.resolveQuerySet(set, 0, 2 * passes, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    this.#device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const times = Float64Array.from(new BigUint64Array(staging.getMappedRange()), (time) => Number(time) / 1e6)
    for (const used of [set, resolved, staging]) used.destroy()
    return times
  }
}
