/**
 * An experiment of several conditions: a folder with tables, pictures and words on all of them, and in it an ordinary run's folder for
 * each. The same seeds train under every condition, from the same initialisation and in the same order.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { calibrate } from '../calibration.js'
import type { Config } from '../experiments/config.js'
import type { Condition, ExperimentDefinition, Panel } from '../experiments/definition.js'
import { applyData, applyMode, settle, toDraft, type Draft, type SettledConfig } from '../experiments/settle.js'
import { seedText, seedsNamed } from '../experiments/seeds.js'
import { counted, duration } from '../report/numbers.js'
import { diskError } from '../tables/disk.js'
import { writeRunRecord } from '../tables/run-folder.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { readRows } from '../tables/read.js'
import { ClaimedFolder, type Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { goingOn, isFinished } from './going-on.js'
import { adapterOf, dataLine, trainAndMeasure, trainingLine } from './perform-run.js'
import { goneOnWith, pickedOf, requireSame, type Begun } from './resumed.js'
import { runRecord, tableMetadata } from './run-record.js'
import { withSession, type Session } from './session.js'

interface Panelled extends Session {
  definition: ExperimentDefinition
  panel: Panel
  /** Of the whole; the conditions' own differ in what makes them conditions. */
  settled: SettledConfig
  drafts: Draft[]
  conditions: { condition: Condition; settled: SettledConfig }[]
  folder: ClaimedFolder
  /** Expected seconds of all conditions together. */
  seconds: number
  calibration: number
}

/** Runs all conditions; returns the exit code. Throws InputError for what the configuration or the machine lacks. */
export async function performConditions(
  definition: ExperimentDefinition,
  config: Config,
  where: Where,
): Promise<number> {
  if (isFinished(where)) return exitCodes.fine
  const moded = applyMode(config, definition)
  const data = await definition.data(moded, (line) => process.stderr.write(`${line}\n`))
  const resolved = applyData(moded, data, definition.weights)
  const panel = await definition.panel!(resolved, data)
  const drafts = panel.conditions.map((condition) => toDraft(condition.config, data, definition.weights))
  const folder = await ClaimedFolder.claim(definition.name, where)
  return withSession(adapterOf(folder, config), folder, async (session) => {
    const { gpu, progress, signal } = session
    const start = performance.now()
    // the last one stands for all: conditions differ little in what they take
    const begun = folder.resumed as Begun | null
    const picked = begun ? pickedOf(begun) : await calibrate(gpu, drafts.at(-1)!, config.mode)
    const calibration = (performance.now() - start) / 1000
    session.check()
    if (signal.aborted) {
      progress.log(begun ? 'interrupted' : 'interrupted before the first epoch: nothing was written')
      return exitCodes.interrupted
    }
    const conditions = panel.conditions.map((condition) => ({ condition, settled: settle(condition.config, picked) }))
    const settled = settle(resolved, picked)
    const seconds = begun ? begun.expected_seconds : picked.seconds * conditions.length
    return runAll({ ...session, definition, panel, settled, drafts, conditions, folder, seconds, calibration })
  })
}

async function runAll(panelled: Panelled): Promise<number> {
  const { definition, panel, settled, folder, conditions, machine, open, progress, drafts, seconds } = panelled
  const names = conditions.map(({ condition }) => condition.name)
  const told = runRecord(settled, definition, open.adapter, machine.from)
  const now = { ...told, expected_seconds: seconds, conditions: names }
  const path = folder.keep()
  const begun = folder.resumed as Begun<typeof now> | null
  if (begun) requireSame(path, begun, now)
  const record = begun ? goneOnWith(begun) : now
  folder.hold()
  writeRunRecord(path, { status: 'running', ...record })
  panel.begin(path, tableMetadata(record), begun !== null)
  progress.log(dataLine(drafts[0].data))
  for (const line of headLines(panelled)) progress.log(line)
  if (!definition.weights) progress.log(trainingLine(machine, conditions.at(-1)!.settled, drafts.at(-1)!))
  progress.log(`reproduce: ${record.reproduce}`)
  const start = performance.now()
  try {
    const code = await eachCondition(panelled, record)
    if (code !== exitCodes.fine) progress.log(`to go on: ${goingOn(path)}`)
    return await concludeAll(panelled, record, { code, path, seconds: (performance.now() - start) / 1000 })
  } catch (error) {
    keepTables(panelled, path, record, error)
    throw error
  }
}

/** Whatever fails here, the error before it is what counts. */
function keepTables({ panel, folder }: Panelled, path: string, record: object, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  try {
    folder.hold()
    panel.finish(false)
    writeRunRecord(path, { status: 'failed', ...record, ended: new Date().toISOString(), error: message })
  } catch {
    return
  }
}

/** The exit code of the condition that ended early, else 0. */
async function eachCondition(
  panelled: Panelled,
  { reproduce }: Pick<ReturnType<typeof runRecord>, 'reproduce'>,
): Promise<number> {
  const { definition, panel, conditions, drafts, open, machine, progress, calibration } = panelled
  for (const [i, { condition, settled }] of conditions.entries()) {
    progress.log(`condition ${i + 1} of ${conditions.length}: ${condition.title}`)
    const folder = ClaimedFolder.inside(panelled.folder, condition.name)
    if (folder.resumed?.status === 'finished') {
      progress.log(`  ${known(panel, condition.name, folder.keep())}`)
      continue
    }
    const own = { ...definition, title: `${definition.title}: ${condition.title}` }
    const expected = panelled.seconds / conditions.length
    // conditions come together
    const now = { ...runRecord(settled, own, open.adapter, machine.from), reproduce, expected_seconds: expected }
    const record = folder.resumed ? goneOnWith(folder.resumed as Begun<typeof now>) : now
    const companion = panel.companion(condition.name)
    const run = { ...panelled, definition: own, config: condition.config, draft: drafts[i], companion, folder }
    machine.release()
    progress.resume()
    const { code, rows } = await trainAndMeasure(run, settled, record, i === 0 ? calibration : 0)
    progress.log(`  ${panel.ended(condition.name, rows, code === exitCodes.fine)}`)
    if (code !== exitCodes.fine) return code
  }
  return exitCodes.fine
}

/** What a condition that was through before had come to. */
function known(panel: Panel, name: string, folder: string): string {
  panel.known(name, folder)
  const training = readRows<TrainingRow>(join(folder, 'training.arrow'))
  const information = readRows<InformationRow>(join(folder, 'information.arrow'))
  return panel.ended(name, { training, information }, true)
}

async function concludeAll(
  { panel, conditions, settled }: Panelled,
  record: ReturnType<typeof runRecord>,
  { code, path, seconds }: { code: number; path: string; seconds: number },
): Promise<number> {
  const tables = panel.finish(code === exitCodes.fine)
  const subtitle = `${counted(settled.training.epochs, 'epoch')}, ${seedsNamed(settled.seeds)}`
  let pictures: string[]
  try {
    pictures = await panel.draw(path, { title: record.title, subtitle })
  } catch (error) {
    throw diskError(error, `${path}: cannot write the picture`, 'the tables are kept')
  }
  const status = code === exitCodes.fine ? 'finished' : 'interrupted'
  writeRunRecord(path, { status, ...record, ended: new Date().toISOString(), seconds: { all: seconds } })
  const written = writtenLines([
    ...pictures.filter((file) => file.endsWith('.png')).map((file): [string, string] => [file, pictureText(file)]),
    ...tables.map((file): [string, string] => [file, tableTexts[basename(file, '.arrow')] ?? 'a table']),
    [join(path, 'run.json'), 'configuration, versions, adapter, commands'],
    ...conditions
      .map(({ condition }): [string, string] => [`${join(path, condition.name)}/`, `the run: ${condition.title}`])
      .filter(([folder]) => existsSync(folder)),
  ])
  process.stdout.write([panel.words(), written, `Time ${duration(seconds)}`].filter(Boolean).join('\n\n') + '\n')
  return code
}

const pictureTexts: Record<string, string | undefined> = {
  'test-errors': 'test errors and their differences, also as .svg and .vl.json',
  similarity: 'cosine similarity through training, likewise',
  clustering: 'binned entropy and tightness through training, likewise',
  'noise-levels': 'I(X;T) against the noise, also as .svg and .vl.json',
}

const tableTexts: Record<string, string | undefined> = {
  similarity: 'cosine similarity to the reference, by layer and epoch',
  'noise-levels': 'I(X;T) by noise, epoch and layer',
}

const pictureText = (file: string) => pictureTexts[basename(file, '.png')] ?? 'a picture, also as .svg and .vl.json'

function writtenLines(files: [path: string, what: string][]): string {
  const width = Math.max(...files.map(([path]) => path.length))
  return ['Written', ...files.map(([path, what]) => `  ${path.padEnd(width)}  ${what}`)].join('\n')
}

function headLines({ definition, settled, conditions, seconds }: Panelled): string[] {
  const { experiment, mode, seeds, training } = settled
  const each = `${counted(conditions.length, 'condition')} of ${counted(seeds.length, 'seed')} (${seedText(seeds)})`
  const { weights } = definition
  const length = weights
    ? `${counted(weights.files.length, 'file')} of weights, no training`
    : counted(training.epochs, 'epoch')
  return [`${experiment} (${mode}): ${each}, ${length}; expected time ${duration(seconds)}`]
}
