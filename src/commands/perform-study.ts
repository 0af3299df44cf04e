/** One run of an experiment without a network. Lines on the way go to stderr, the summary to stdout. */
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import { seedText } from '../experiments/seeds.js'
import type { Study, StudyConfig, StudyDefinition } from '../experiments/study.js'
import { counted, duration } from '../report/numbers.js'
import { diskError } from '../tables/disk.js'
import { writeRunRecord } from '../tables/run-folder.js'
import { ClaimedFolder, type Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { goingOn, isFinished } from './going-on.js'
import { studyCommand } from './reproduce-study.js'
import { goneOnWith, requireSame, type Begun } from './resumed.js'
import { recordOf, tableMetadata } from './run-record.js'
import { adapterOf } from './perform-run.js'
import { withSession, type Session } from './session.js'
import { StudyPace } from './study-pace.js'
import { StudyTable } from './study-table.js'

interface Performance extends Session {
  definition: StudyDefinition
  config: StudyConfig
  study: Study
  folder: ClaimedFolder
}

/** Runs it, or goes on with it; returns the exit code. Throws InputError for what the configuration or the machine lacks. */
export async function performStudy(definition: StudyDefinition, config: StudyConfig, where: Where): Promise<number> {
  if (isFinished(where)) return exitCodes.fine
  const study = await definition.prepare(config)
  const folder = await ClaimedFolder.claim(definition.name, where)
  return withSession(adapterOf(folder, config), folder, (session) =>
    pacedAndRun({ ...session, definition, config, study, folder }),
  )
}

async function pacedAndRun(performance: Performance): Promise<number> {
  const { definition, config, study, open, machine, progress, signal, folder } = performance
  progress.log('trying a few estimates of each kind, to tell the time that all of them take')
  const pace = await StudyPace.tried(study.tasks, machine, signal)
  performance.check()
  if (signal.aborted) {
    progress.log(folder.resumed ? 'interrupted' : 'interrupted before the first estimate: nothing was written')
    return exitCodes.interrupted
  }
  const seconds = pace.left(0)
  const reproduce = studyCommand(config, definition, open.adapter.name)
  const now = {
    ...recordOf(config, definition.title, reproduce, open.adapter, machine.from),
    expected_seconds: seconds,
  }
  const begun = folder.resumed as Begun<typeof now> | null
  if (begun) requireSame(folder.keep(), begun, now)
  const record = begun ? goneOnWith(begun) : now
  const length = `${definition.name} (${config.mode}), seed ${seedText([config.seed])}: ${counted(study.tasks.length, 'estimate')}`
  for (const line of [`${length}; expected time ${duration(seconds)}`, ...study.head]) progress.log(line)
  progress.log(`reproduce: ${record.reproduce}`)
  return estimateAll(performance, pace, record)
}

async function estimateAll(
  { definition, study, machine, folder, progress, signal, check, cause }: Performance,
  pace: StudyPace,
  record: ReturnType<typeof recordOf<StudyConfig>>,
): Promise<number> {
  const start = performance.now()
  const path = folder.keep()
  const guard = () => folder.hold()
  guard()
  writeRunRecord(path, { status: 'running', ...record })
  const table = new StudyTable(
    path,
    definition.name,
    study.schema(tableMetadata(record)),
    folder.resumed !== null,
    guard,
  )
  const { rows } = table
  const ending = (status: 'finished' | 'interrupted' | 'failed', more = {}) =>
    writeRunRecord(path, { status, ...record, ended: new Date().toISOString(), ...more })
  if (folder.resumed) progress.log(`going on after ${counted(table.tasks, 'estimate')} of ${study.tasks.length}`)
  try {
    for (let i = table.tasks; i < study.tasks.length; i++) {
      const task = study.tasks[i]
      await setImmediate()
      check()
      if (signal.aborted) break
      progress.progress(1 - pace.left(i) / pace.left(0), null, task.what)
      table.append(await pace.rowsOf(task, machine))
      if (task.round !== study.tasks[i + 1]?.round) progress.log(study.told(rows, task.round))
    }
    progress.stop()
    check()
    const whole = !signal.aborted
    table.finish(whole)
    const status = whole ? 'finished' : 'interrupted'
    const about = `${counted(rows.length, 'estimate')}${whole ? '' : `, interrupted before ${study.tasks.length}`}, seed ${record.configuration.seed}`
    const pictures = rows.length > 0 ? await drawn(study, rows, path, { title: record.title, subtitle: about }) : []
    ending(status, { seconds: { estimating: (performance.now() - start) / 1000 } })
    if (whole) table.done()
    const written = writtenLines(definition.name, path, pictures.length > 0)
    process.stdout.write(`${[rows.length > 0 ? study.summary(rows) : '', written].filter(Boolean).join('\n\n')}\n`)
    if (whole) return exitCodes.fine
    progress.log(`interrupted: ${counted(rows.length, 'estimate')}, kept in ${path}`)
    progress.log(`to go on: ${goingOn(path)}`)
    return exitCodes.interrupted
  } catch (error) {
    progress.stop()
    const found = await cause(error)
    keep(() => table.finish(false))
    keep(() => {
      guard()
      ending('failed', { error: found instanceof Error ? found.message : String(found) })
    })
    throw found
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
