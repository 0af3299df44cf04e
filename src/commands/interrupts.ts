/** Ctrl-C, or a job scheduler's SIGTERM: the first one asks the run to end in good order, a second one ends the process where it stands. */
import { exitCodes } from './failure.js'

export interface Interrupts {
  readonly signal: AbortSignal
  /** Ctrl-C ends the process again, as it does without us. */
  release(): void
}

const signals = ['SIGINT', 'SIGTERM'] as const

export function watchInterrupts(say: (line: string) => void): Interrupts {
  const controller = new AbortController()
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    say('interrupted: finishing the tables (Ctrl-C again ends at once; what is on disk stays readable)')
    controller.abort()
  }
  for (const name of signals) process.on(name, onInterrupt)
  const release = () => signals.forEach((name) => process.off(name, onInterrupt))
  return { signal: controller.signal, release }
}
