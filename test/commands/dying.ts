// A run, or a part of one, on the f64 references, which dies when its recorder has been called so many times, as if it were killed there.
import { RunKeeper } from '../../src/commands/run-keeper.js'
import type { Companion } from '../../src/experiments/definition.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { runExperiment, type Experiment } from '../../src/scheduler.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import type { InformationRow, Recorder, TrainingRow } from '../../src/tables/rows.js'

class Death extends Error {}

/** The recorder, until it has been called so many times. */
function dying(recorder: RunRecorder, calls: number): Recorder {
  let left = calls
  return new Proxy<RunRecorder>(recorder, {
    get: (target, name: keyof RunRecorder) =>
      typeof target[name] !== 'function'
        ? target[name]
        : (...rows: unknown[]) => {
            if (left-- === 0) throw new Death()
            return (target[name] as (...rows: unknown[]) => unknown).apply(target, rows)
          },
  })
}

const metadata = { configuration_hash: 'c0ffee' }

interface Part {
  calls?: number
  /** Whether there was a part before it. */
  resumed: boolean
  companion?: Companion | null
}

/** The rows of all parts so far, as they are told; `died` before the end, with its tables as they are then. */
export async function part(run: string, experiment: Experiment, { calls = Infinity, resumed, companion = null }: Part) {
  const keeper = new RunKeeper(run, experiment.data, resumed)
  const recorder = new RunRecorder(run, experiment.seeds, metadata, { from: resumed ? keeper.recorded : undefined })
  const rows = keeper.begin({ recorder, companion, guard: () => {} })
  const failing = dying(recorder, calls)
  const machine = new ReferenceMachine()
  const observer = {
    evaluated: (some: TrainingRow[]) => rows.training.push(...some),
    measured: (some: InformationRow[]) => rows.information.push(...some),
    looked: async (look: Parameters<NonNullable<Companion['looked']>>[0]) => companion?.looked?.(look, failing),
    progress() {},
  }
  try {
    await runExperiment(machine, experiment, failing, observer, undefined, keeper)
    const { signal } = new AbortController()
    const finished = { machine, experiment, recorder: failing, signal, log() {}, keep: () => keeper.again() }
    await companion?.finished?.(finished)
    recorder.finish()
    return { rows, keeper, recorder, died: false }
  } catch (error) {
    if (!(error instanceof Death)) throw error
    return { rows, keeper, recorder, died: true }
  }
}
