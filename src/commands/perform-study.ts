/** One run of an experiment without a network. Lines on the way go to stderr, the summary to stdout. */
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import { seedText } from '../experiments/seeds.js'
import type { Study, StudyConfig, StudyDefinition } from '../experiments/study.js'
import { openDevice, type OpenDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import { bisected } from '../machine/bisect.js'
import { GpuMachine } from '../machine/gpu.js'
import type { Machine } from '../plan.js'
import { counted, duration } from '../report/numbers.js'
import { Progress } from '../report/progress.js'
import { batchOfRows } from '../tables/batch.js'
import { diskError } from '../tables/disk.js'
import { writeRunRecord } from '../tables/run-folder.js'
import { TableWriter } from '../tables/stream.js'
import { ClaimedFolder, type Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { watchInterrupts } from './interrupts.js'
import { studyCommand } from './reproduce-study.js'
import { recordOf, tableMetadata } from './run-record.js'
import { StudyPace } from './study-pace.js'

interface Performance {
  definition: StudyDefinition
  config: StudyConfig
  study: Study
  open: OpenDevice
  machine: Machine & { from?: string }
  folder: ClaimedFolder
  progress: Progress
  signal: AbortSignal
  /** Throws what went wrong on the device, which it tells by events alone. */
  check(): void
}

/** Runs it; returns the exit code. Throws InputError for what the configuration or the machine lacks. */
export async function performStudy(definition: StudyDefinition, config: StudyConfig, where: Where): Promise<number> {
  const study = await definition.prepare(config)
  const progress = new Progress()
  const folder = new ClaimedFolder(definition.name, where)
  const interrupts = watchInterrupts((line) => progress.log(line))
  const broken = new AbortController()
  let open: OpenDevice | null = null
  try {
    open = await openDevice({ name: config.adapter, onError: (error) => broken.abort(error) })
    const machine = bisected(new GpuMachine(open), shaderStems())
    progress.log(open.adapter.describe())
    const signal = AbortSignal.any([interrupts.signal, broken.signal])
    const check = () => broken.signal.throwIfAborted()
    return await pacedAndRun({ definition, config, study, open, machine, folder, progress, signal, check })
  } finally {
    progress.stop()
    interrupts.release()
    folder.release()
    open?.destroy()
  }
}

async function pacedAndRun(performance: Performance): Promise<number> {
  const { definition, config, study, open, machine, progress, signal } = performance
  progress.log('trying a few estimates of each kind, to tell the time that all of them take')
  const pace = await StudyPace.tried(study.tasks, machine, signal)
  performance.check()
  if (signal.aborted) {
    progress.log('interrupted before the first estimate: nothing was written')
    return exitCodes.interrupted
  }
  const seconds = pace.left(0)
  const reproduce = studyCommand(config, definition, open.adapter.name)
  const record = {
    ...recordOf(config, definition.title, reproduce, open.adapter, machine.from),
    expected_seconds: seconds,
  }
  const length = `${definition.name} (${config.mode}), seed ${seedText([config.seed])}: ${counted(study.tasks.length, 'estimate')}`
  for (const line of [`${length}; expected time ${duration(seconds)}`, ...study.head]) progress.log(line)
  progress.log(`reproduce: ${record.reproduce}`)
  return estimateAll(performance, pace, record)
}

async function estimateAll(
  { definition, study, machine, folder, progress, signal, check }: Performance,
  pace: StudyPace,
  record: ReturnType<typeof recordOf<StudyConfig>>,
): Promise<number> {
  const start = performance.now()
  const path = folder.keep()
  writeRunRecord(path, { status: 'running', ...record })
  const rows: object[] = []
  const table = new TableWriter(join(path, `${definition.name}.arrows`), study.schema(tableMetadata(record)))
  const ending = (status: 'finished' | 'interrupted' | 'failed', more = {}) =>
    writeRunRecord(path, { status, ...record, ended: new Date().toISOString(), ...more })
  try {
    for (const [i, task] of study.tasks.entries()) {
      await setImmediate()
      check()
      if (signal.aborted) break
      progress.progress(1 - pace.left(i) / pace.left(0), null, task.what)
      const found = await pace.rowsOf(task, machine)
      table.append(batchOfRows(table.schema, found))
      rows.push(...found)
      if (task.round !== study.tasks[i + 1]?.round) progress.log(study.told(rows, task.round))
    }
    progress.stop()
    check()
    const whole = !signal.aborted
    table.finish()
    const status = whole ? 'finished' : 'interrupted'
    const about = `${counted(rows.length, 'estimate')}${whole ? '' : `, interrupted before ${study.tasks.length}`}, seed ${record.configuration.seed}`
    const pictures = rows.length > 0 ? await drawn(study, rows, path, { title: record.title, subtitle: about }) : []
    ending(status, { seconds: { estimating: (performance.now() - start) / 1000 } })
    const written = writtenLines(definition.name, path, pictures.length > 0)
    process.stdout.write(`${[rows.length > 0 ? study.summary(rows) : '', written].filter(Boolean).join('\n\n')}\n`)
    if (whole) return exitCodes.fine
    progress.log(`interrupted: ${counted(rows.length, 'estimate')}, kept in ${path}`)
    return exitCodes.interrupted
  } catch (error) {
    progress.stop()
    keep(() => table.finish())
    keep(() => ending('failed', { error: error instanceof Error ? error.message : String(error) }))
    throw error
  }
}

/** Whatever fails here, the error before it is what counts. */
function keep(step: () => void): void {
  try {
    step()
  } catch {
    return
  }
}

async function drawn(study: Study, rows: object[], folder: string, heading: { title: string; subtitle: string }) {
  try {
    return await study.draw(rows, folder, heading)
  } catch (error) {
    throw diskError(error, `${folder}: cannot write the picture`, 'the table is kept')
  }
}

function writtenLines(name: string, folder: string, picture: boolean): string {
  const files = [
    ...(picture ? [[`${name}.png`, 'the picture, also as .svg and .vl.json']] : []),
    [`${name}.arrow`, 'every estimate, beside what is true'],
    ['run.json', 'configuration, versions, adapter, commands'],
  ].map(([file, what]) => [join(folder, file), what])
  const width = Math.max(...files.map(([path]) => path.length))
  return ['Written', ...files.map(([path, what]) => `  ${path.padEnd(width)}  ${what}`)].join('\n')
}
