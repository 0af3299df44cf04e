/** A run that is on disk, as its end would have told it: head, charts, closing table, what is missing. */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { mixtureSummary } from '../experiments/mixture-words.js'
import { reedMullerSummary } from '../experiments/reed-muller-words.js'
import { spiralSummary } from '../experiments/spiral-summary.js'
import { factsOf } from '../overview/facts.js'
import { FoundRun } from '../overview/found-run.js'
import { closingTable } from '../report/closing-table.js'
import { duration, visible, wrapped } from '../report/numbers.js'
import { runCharts, type Terminal } from '../report/run-charts.js'
import type { BinnedEntropyRow, EntropyRow, InformationRow, TrainingRow } from '../tables/rows.js'
import type { MixtureRow, ReedMullerRow } from '../tables/study-schema.js'
import { minutes, what } from './perform-list.js'
import { describeFiles } from './run-files.js'

const nothing = { training: [], information: [] }

/** Without a final newline. Throws InputError: no run there. */
export function showText(folder: string, terminal: Terminal): string {
  const run = new FoundRun(folder)
  const information = run.rows<InformationRow>('information')
  const training = run.rows<TrainingRow>('training')
  const binned = run.rows<BinnedEntropyRow>('binned-entropies')
  const blocks = [
    head(run),
    runCharts({ training, information, binned }, terminal),
    closingTable({ training, information, written: [], phases: [] }),
    ...studyWords(run),
    innerLines(run),
    closingTable({ ...nothing, written: describeFiles(pathsOf(run), folder), phases: phasesOf(run) }),
    missing(run, information),
  ]
  const text = blocks.filter((block) => block !== '').join('\n\n')
  return terminal.ascii ? inAscii(text) : text
}

function head(run: FoundRun): string {
  const facts = factsOf(run)
  const { status, title, started, seconds, outcome } = facts
  const when = [started === null ? '' : minutes(started), seconds === null ? '' : duration(seconds)]
  const state = [status, ...when, what(facts)].filter(Boolean).join('; ')
  const broken = status === 'running' || status === 'failed' ? wrapped(visible(outcome.split('; ')[0])) : ''
  const again = run.record?.reproduce
  return [
    wrapped(visible(title === null ? run.folder : `${run.folder}: ${title}`)),
    wrapped(visible(state)),
    ...(broken === '' ? [] : [broken]),
    ...(typeof again === 'string' ? [visible(`reproduce: ${again}`)] : []),
  ].join('\n')
}

const parts = ['activations', 'weights', 'figures', 'export']

/** What lies in the folder, and in the parts of a run that are folders; run.json last. */
function pathsOf({ folder }: FoundRun): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const inParts = entries
    .filter((entry) => entry.isDirectory() && parts.includes(entry.name))
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((inner) => join(name, inner)))
  const last = files.filter((name) => name === 'run.json')
  return [...files.filter((name) => name !== 'run.json'), ...inParts, ...last].map((name) => join(folder, name))
}

function phasesOf({ record }: FoundRun): [string, number][] {
  const seconds = record?.seconds
  if (typeof seconds !== 'object' || seconds === null) return []
  return Object.entries(seconds).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
}

/** What experiments say of tables of their own. */
function studyWords(run: FoundRun): string[] {
  const said = (name: string, words: (rows: never[]) => string) => {
    const rows = run.rows<never>(name)
    try {
      return rows.length > 0 ? [words(rows)] : []
    } catch {
      run.notes.push(`${name}: cannot be summarised; its rows are there.`)
      return []
    }
  }
  return [
    ...said('entropies', (rows: EntropyRow[]) => spiralSummary(rows)),
    ...said('mixture', (rows: MixtureRow[]) => mixtureSummary(rows, run.record?.configuration as never)),
    ...said('reed-muller', (rows: ReedMullerRow[]) => reedMullerSummary(rows)),
  ]
}

function innerLines({ folder, inner }: FoundRun): string {
  if (inner.length === 0) return ''
  const lines = inner.map((one) => {
    const { status, outcome } = factsOf(new FoundRun(one))
    return wrapped(`  ${visible(`${relative(folder, one)} (${status}): ${outcome}`)}`, 80, 4)
  })
  const hint = `infoflow show ${visible(inner[0])} shows one of them, infoflow compare ${visible(folder)} all side by side.`
  return ['Runs inside', ...lines, wrapped(hint)].join('\n')
}

function missing(run: FoundRun, information: InformationRow[]): string {
  const streams = run.tables.filter(({ path }) => path.endsWith('.arrows')).map(({ name }) => name)
  const left = run.record?.status !== 'running' && streams.length > 0
  const notes = [
    ...run.notes,
    ...(left ? [`Streams that never became files, readable as they are: ${streams.join(', ')}.`] : []),
    ...(information.length === 0 && run.tables.some(({ name }) => name === 'information')
      ? ['No measurement of I(X;T).']
      : []),
    ...(run.tables.length === 0 && run.inner.length === 0 ? ['No table.'] : []),
  ]
  if (notes.length === 0) return ''
  return ['Missing', ...notes.map((note) => wrapped(`  ${visible(note)}`, 80, 4))].join('\n')
}

/** As wide as before, so that columns stay in line. */
function inAscii(text: string): string {
  return text.replaceAll(' ± ', ' +-').replace(/[^\n\x20-\x7e]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}
