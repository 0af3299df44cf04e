/** A device that is open for as long as some work takes. One that is lost is replaced once, and the work goes on from its last checkpoint. */
import { setTimeout } from 'node:timers/promises'
import { InputError } from '../errors.js'
import { DeviceLostError, openDevice, type OpenDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import { bisected } from '../machine/bisect.js'
import { GpuMachine } from '../machine/gpu.js'
import type { Machine } from '../plan.js'
import { Progress } from '../report/progress.js'
import { DiskError } from '../tables/disk.js'
import type { ClaimedFolder } from './claimed-folder.js'
import { goingOn } from './going-on.js'
import { watchInterrupts } from './interrupts.js'

export interface Session {
  open: OpenDevice
  /** What the calibration looks at. */
  gpu: GpuMachine
  /** What the run computes on: `gpu`, or a mixture of it and the references where GPU_FROM is set. */
  machine: Machine
  progress: Progress
  /** Whoever may want it to stop: a person, or a device on which something went wrong. */
  signal: AbortSignal
  /** Throws what went wrong on the device, which it tells by events alone. */
  check(): void
  /** What an error came from: what went wrong on the device, where something did. */
  cause(error: unknown): Promise<unknown>
}

/** Milliseconds in which a device that was lost has said so. */
const news = 200

/** The folder is given back after it, and leaves no trace of a run that never began. */
export async function withSession(
  adapter: string | undefined,
  folder: ClaimedFolder,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const progress = new Progress()
  const interrupts = watchInterrupts((line) => progress.log(line))
  try {
    return await onDevice(adapter, progress, interrupts.signal, work).catch((error: unknown) => {
      if (!(error instanceof DeviceLostError) || interrupts.signal.aborted) throw error
      progress.log(`${error.message}; going on, on a new device, from the last checkpoint`)
      progress.resume()
      folder.again()
      return onDevice(adapter, progress, interrupts.signal, work).catch((again: unknown) => {
        throw again instanceof DeviceLostError ? lostTwice(again, folder) : again
      })
    })
  } catch (error) {
    const mended = error instanceof DiskError || !(error instanceof InputError)
    if (mended && folder.isKept) progress.log(`to go on, when that is mended: ${goingOn(folder.keep())}`)
    throw error
  } finally {
    progress.stop()
    interrupts.release()
    folder.release()
  }
}

function lostTwice({ message }: DeviceLostError, folder: ClaimedFolder): InputError {
  const goOn = folder.isKept ? `: go on later with ${goingOn(folder.keep())}` : ''
  return new InputError(`${message}; the second time, so this run ends here${goOn}`)
}

async function onDevice(
  adapter: string | undefined,
  progress: Progress,
  interrupted: AbortSignal,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const broken = new AbortController()
  const open = await openDevice({ name: adapter, onError: (error) => broken.abort(error) })
  try {
    const gpu = new GpuMachine(open)
    const machine = bisected(gpu, shaderStems())
    if (machine !== gpu)
      progress.log(`GPU_FROM: ${machine.name}; far slower than the time expected of the adapter alone`)
    progress.log(open.adapter.describe())
    const signal = AbortSignal.any([interrupted, broken.signal])
    const check = () => broken.signal.throwIfAborted()
    const cause = async (error: unknown) => {
      await setTimeout(news)
      return broken.signal.aborted ? broken.signal.reason : error
    }
    return await work({ open, gpu, machine, progress, signal, check, cause }).catch(async (error) => {
      throw await cause(error)
    })
  } finally {
    open.destroy()
  }
}
