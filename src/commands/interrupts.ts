/** Ctrl-C: the first one asks the run to end in good order, a second one ends the process where it stands. */
import { exitCodes } from './failure.js'

export interface Interrupts {
  readonly signal: AbortSignal
  /** Ctrl-C ends the process again, as it does without us. */
  release(): void
}

export function watchInterrupts(say: (line: string) => void): Interrupts {
  const controller = new AbortController()
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    say('interrupted: finishing the tables (Ctrl-C again ends at once; what is on disk stays readable)')
    controller.abort()
  }
  process.on('SIGINT', onInterrupt)
  return { signal: controller.signal, release: () => process.off('SIGINT', onInterrupt) }
}
