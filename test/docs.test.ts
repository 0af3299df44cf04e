/**
 * The pages of docs/ are true: their snippets run, where the tool is to be had, and every tool finds the numbers that the tables
 * hold. Each page runs as a whole, from a folder with a copy of the committed run and one that still goes on.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readExportRequest } from '../src/commands/export-options.js'
import { exportedLines } from '../src/commands/perform-export.js'
import { median } from '../src/math/statistics.js'
import { readRows } from '../src/tables/read.js'
import { RunRecorder } from '../src/tables/recorder.js'
import type { ClusteringRow, InformationRow } from '../src/tables/rows.js'
import { read, root } from './example.js'
import { findPython } from './peers/python.js'
import { testIf } from './skip.js'
import { informationRow, metadata } from './tables/sample-run.js'

const test = suite('docs')
const folder = mkdtempSync(join(tmpdir(), 'infoflow-docs-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const run = 'results/reference/szt-seeds'

for (const [name, tables] of [
  [run, ['information', 'clustering']],
  ['results/reference/spiral', ['histograms']],
] as const) {
  mkdirSync(join(folder, name), { recursive: true })
  for (const table of tables) copyFileSync(join(root, name, `${table}.arrow`), join(folder, name, `${table}.arrow`))
}
const exported = (name: string, format: string) => [
  ...exportedLines(readExportRequest({ run: join(folder, name), format })),
]
exported(run, 'csv')
exported(run, 'parquet')
exported('results/reference/spiral', 'npz')
mkdirSync(join(folder, 'results/szt-001'))
const going = new RunRecorder(join(folder, 'results/szt-001'), [1], metadata)
for (const epoch of [0, 1]) going.information(informationRow(epoch, 1))
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

/** What every tool must find: by layer the last median and the mean fall [nats], the correlation in layer 5. */
const expected = expectations()

function expectations() {
  const rows = readRows<InformationRow & { mi_corrected: number }>(join(folder, run, 'information.arrow'))
  const distances = new Map(
    readRows<ClusteringRow>(join(folder, run, 'clustering.arrow')).map((row) => [place(row), row]),
  )
  const seeds = [...new Set(rows.map(({ seed }) => seed))]
  const last = Math.max(...rows.map(({ epoch }) => epoch))
  const five = rows.filter(({ layer }) => layer === 5)
  const fall = (layer: number) =>
    seeds.map((seed) => {
      const own = rows.filter((row) => row.layer === layer && row.seed === seed)
      return Math.max(...own.map((row) => row.mi_corrected)) - own.find(({ epoch }) => epoch === last)!.mi_corrected
    })
  return {
    last,
    median: median(five.filter(({ epoch }) => epoch === last).map((row) => row.mi_corrected)),
    falls: [1, 2, 3, 4, 5].map((layer) => fall(layer).reduce((sum, value) => sum + value, 0) / seeds.length),
    correlation: correlation(five.map((row) => [row.mi_corrected, distances.get(place(row))!.within_median!])),
  }
}

function place({ seed, epoch, layer }: { seed: number; epoch: number; layer: number }) {
  return `${seed} ${epoch} ${layer}`
}

function correlation(pairs: [number, number][]): number {
  const [mx, my] = [0, 1].map((i) => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length)
  const sum = (of: (x: number, y: number) => number) => pairs.reduce((all, [x, y]) => all + of(x - mx, y - my), 0)
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y))
}

const medianLine = `layer 5, epoch ${expected.last}: median I(X;T) ${expected.median.toFixed(3)} nats`
const fallLines = expected.falls.map((fall, i) => `layer ${i + 1} fell ${fall.toFixed(3)} nats, mean over seeds`)
const correlationLine = `layer 5: correlation of I(X;T) and within-class distance ${expected.correlation.toFixed(3)}`
const soFar = 'so far: 2 rows, up to epoch 1'
const everything = [medianLine, ...fallLines, correlationLine, soFar]

/** Blocks of a page in a language, those whose second word is `tag`, or that have none where it is absent; in order. */
function blocks(page: string, language: string, tags: readonly string[] = []): string[] {
  const found = read(`docs/${page}.md`).matchAll(/^```(\w+)( \w+)?\n([^]*?)^```$/gm)
  const own = [...found].filter(
    ([, name, tag]) => name === language && (tag === undefined || tags.includes(tag.trim())),
  )
  assert.ok(own.length > 0, `${page}: ${language} ${tags.join(' ')}`)
  return own.map((match) => match[3])
}

/** @param ending of the script, whose name must be no module's */
function output(words: readonly string[], ending: string, text: string): string {
  const name = `snippets.${ending}`
  writeFileSync(join(folder, name), text)
  const { status, stdout, stderr } = spawnSync(words[0], [...words.slice(1), name], { cwd: folder, encoding: 'utf8' })
  assert.is(status, 0, `${stdout}${stderr}`)
  return stdout
}

function told(text: string, lines: readonly string[]): void {
  const all = text.split('\n').map((line) => line.replace('-0.000', '0.000'))
  for (const line of lines) assert.ok(all.includes(line), `${line}\nnot in\n${text}`)
}

const pythonOf = (modules: string) => findPython(modules, 'no package')
const polars = pythonOf('polars')
const pyarrow = pythonOf('pyarrow.feather, pandas')
const duckdb = pythonOf('duckdb, pyarrow')
const pandas = findPython('pandas', 'python3-pandas')

testIf(polars.python !== null, polars.reason, test, 'polars.md, Python', () => {
  told(output([polars.python!], 'py', blocks('polars', 'python').join('\n')), everything)
})

const nodePolars = await import('nodejs-polars').then(
  () => '',
  (error: Error) => `nodejs-polars does not load here: ${error.message}`,
)
testIf(nodePolars === '', nodePolars, test, 'polars.md, JavaScript', () => {
  told(output([process.execPath], 'mjs', blocks('polars', 'js').join('\n')), [medianLine, ...fallLines])
})

testIf(pyarrow.python !== null, pyarrow.reason, test, 'pandas.md, with pyarrow', () => {
  told(output([pyarrow.python!], 'py', blocks('pandas', 'python', ['pyarrow', 'npz']).join('\n')), [
    ...everything,
    'histograms: 135 40',
  ])
})

testIf(pandas.python !== null, pandas.reason, test, 'pandas.md, from exported files', () => {
  const [, ...others] = blocks('pandas', 'python', ['csv', 'npz'])
  told(output([pandas.python!], 'py', others.join('\n')), [
    ...[medianLine, ...fallLines, correlationLine],
    'histograms: 135 40',
  ])
})

testIf(duckdb.python !== null, duckdb.reason, test, 'duckdb.md, Python and Parquet', () => {
  const query = (text: string) => `print(duckdb.sql("""${text}""").fetchall())`
  const python = blocks('duckdb', 'python')
  const [load, ...queries] = blocks('duckdb', 'sql', ['load'])
  const text = output([duckdb.python!], 'py', [...python, ...queries.map(query)].join('\n'))
  told(text, [soFar])
  const parquet = output(
    [duckdb.python!],
    'parquet.py',
    ['import duckdb', `duckdb.sql("""${load}""")`, ...queries.map(query)].join('\n'),
  )
  assert.is(parquet.trim(), text.split('\n').slice(1).join('\n').trim())
  sqlTold(
    JSON.parse(
      `[${text.trim().split('\n').slice(1).join(',').replace(/\(/g, '[').replace(/\)/g, ']')}]`,
    ) as number[][][],
  )
})

/** Rows of the three queries, layers from the last one down. */
function sqlTold([[last], falls, correlations]: number[][][]): void {
  const rounded = (value: number) => Number(value.toFixed(3))
  assert.equal(last, [5, expected.last, rounded(expected.median)])
  assert.equal(
    falls.map(([layer, fall]) => [layer, Math.abs(fall)]),
    [5, 4, 3, 2, 1].map((layer) => [layer, Math.abs(rounded(expected.falls[layer - 1]))]),
  )
  assert.equal(correlations[0], [5, rounded(expected.correlation)])
}

const [database, why] = await openDatabase().then(
  (made) => [made, ''] as const,
  (error: Error) => [null, `@duckdb/duckdb-wasm does not load here: ${error.message}`] as const,
)

async function openDatabase() {
  const wasm = await import('@duckdb/duckdb-wasm/blocking')
  const dist = dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'))
  const bundle = (name: string) => ({ mainModule: join(dist, `duckdb-${name}.wasm`), mainWorker: '' })
  const made = await wasm.createDuckDB(
    { mvp: bundle('mvp'), eh: bundle('eh') },
    new wasm.VoidLogger(),
    wasm.NODE_RUNTIME,
  )
  await made.instantiate()
  return made
}

testIf(database !== null, why, test, 'duckdb.md, the queries, over Arrow tables', () => {
  const connection = database!.connect()
  for (const name of ['information', 'clustering']) {
    connection.insertArrowFromIPCStream(readFileSync(join(folder, run, `${name}.arrow`)).subarray(8), { name })
  }
  const rows = blocks('duckdb', 'sql').map((query) => {
    const found = JSON.parse(JSON.stringify(connection.query(query).toArray())) as Record<string, number>[]
    return found.map((row) => Object.values(row))
  })
  sqlTold(rows)
})

const rscript = spawnSync('Rscript', ['--version']).status === 0
testIf(rscript, 'no Rscript on the PATH (Debian: r-base-core)', test, 'r.md, from CSV', () => {
  told(output(['Rscript'], 'R', blocks('r', 'r').join('\n')), [medianLine, ...fallLines, correlationLine])
})

const arrow = rscript && spawnSync('Rscript', ['-e', 'library(arrow)']).status === 0
testIf(arrow, 'R has no package arrow (Debian has none)', test, 'r.md, with arrow', () => {
  const [, ...others] = blocks('r', 'r', ['arrow'])
  told(output(['Rscript'], 'R', others.join('\n')), everything)
})

test('observable.md, in Node', () => {
  told(output([process.execPath], 'mjs', blocks('observable', 'js').join('\n')), everything)
})

test.run()
