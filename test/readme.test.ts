// What README and docs/ show is true: the example runs, configurations are accepted, names exist.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { benchOptions } from '../src/commands/bench-options.js'
import { compareOptions } from '../src/commands/compare-options.js'
import { estimateOptions } from '../src/commands/estimate-options.js'
import { exportOptions } from '../src/commands/export-options.js'
import { initOptions } from '../src/commands/init.js'
import { listOptions } from '../src/commands/list.js'
import { measureOptions } from '../src/commands/measure-options.js'
import { profileOptions } from '../src/commands/profile-options.js'
import { reportOptions } from '../src/commands/report-options.js'
import { runOptions } from '../src/commands/run-options.js'
import { showOptions } from '../src/commands/show.js'
import { sweepOptions } from '../src/commands/sweep-options.js'
import { validateOptions } from '../src/commands/validate.js'
import type { Config } from '../src/experiments/config.js'
import { custom } from '../src/experiments/custom.js'
import { mnist } from '../src/experiments/mnist.js'
import { readConfig } from '../src/experiments/read-config.js'
import { layerTable } from '../src/network/network.js'
import { szt } from '../src/experiments/szt.js'
import { shaderStems } from '../src/gpu/shader.js'
import { answerColumns } from '../src/tables/answers.js'
import { kernelSchema } from '../src/tables/kernels.js'
import { benchSchema, scalingSchema } from '../src/tables/bench.js'
import { readSweep } from '../src/sweep/sweep-file.js'
import * as schema from '../src/tables/schema.js'
import { similaritySchema } from '../src/tables/similarity.js'
import { mixtureSchema, reedMullerSchema } from '../src/tables/study-schema.js'
import { blocks, manual } from './documents.js'
import { outputOf, read, readExample, root } from './example.js'
import { projectFiles } from './house/sources.js'

const test = suite('README')
const readPage = (file: string) => read(file).replace(/^#SBATCH .*$/gm, '')
const text = manual.map(readPage).join('\n')
const folder = mkdtempSync(join(tmpdir(), 'infoflow-readme-'))
test.after(() => rmSync(folder, { recursive: true }))

test('the library example runs', async () => {
  const example = block('docs/library.md', 'ts').replace(
    /from 'infoflow'/,
    `from '${pathToFileURL(join(root, 'src/index.ts'))}'`,
  )
  assert.not.match(example, `from 'infoflow'`)
  writeFileSync(join(folder, 'example.mts'), example)
  const { rows, accuracy } = readExample(await outputOf(join(folder, 'example.mts')))
  assert.is(rows.length, 6)
  assert.ok(rows.every(({ mi, low, high }) => low < mi && mi < high))
  assert.ok(accuracy > 0.9, `accuracy ${accuracy}`)
})

test('the library example is scripts/train-and-measure.ts, so it is checked by the compiler too', () => {
  const script = read('scripts/train-and-measure.ts').replace(/^(\/\/ .*\n)+/, '')
  assert.is(block('docs/library.md', 'ts'), script.replace(`'../src/index.js'`, `'infoflow'`))
})

/** What each YAML block but a sweep's changes (groups of keys), of which experiment; the widths of its layers on such an input. */
const files: {
  of: Config
  changed: string[]
  input: { inputWidth: number; inputShape?: [number, number, number] }
  widths: number[]
}[] = [
  {
    of: szt.defaults,
    changed: ['measurement', 'noise', 'training'],
    input: { inputWidth: 12 },
    widths: [10, 7, 5, 4, 3, 2],
  },
  {
    of: custom.defaults,
    changed: ['data', 'network', 'noise', 'training'],
    input: { inputWidth: 12 },
    widths: [10, 5, 2],
  },
  {
    of: mnist.defaults,
    changed: ['network'],
    input: { inputWidth: 784, inputShape: [1, 28, 28] },
    widths: [16 * 28 * 28, 16 * 14 * 14, 16 * 14 * 14, 128, 128, 10],
  },
]

const ofKubernetes = (yaml: string) => yaml.startsWith('apiVersion: ')
const yamls = manual.flatMap((file) => blocks(file, 'yaml')).filter((yaml) => !ofKubernetes(yaml))
const [sweeps, configurations] = [true, false].map((isSweep) => yamls.filter((yaml) => /^run:/m.test(yaml) === isSweep))

test('the sweep is one, of as many tasks as it says', () => {
  assert.is(sweeps.length, 1)
  writeFileSync(join(folder, 'sweep.yaml'), sweeps[0])
  const { settings, seeds, keys } = readSweep(join(folder, 'sweep.yaml'))
  assert.equal(keys, ['noise.std'])
  assert.is(settings.length * seeds.length, Number(/(\d+) tasks/.exec(sweeps[0])?.[1]))
})

test('each configuration file is accepted by the experiment it is for, changes what it names, and its layers fit', () => {
  assert.is(configurations.length, files.length)
  for (const [i, yaml] of configurations.entries()) {
    const { of, changed, input, widths } = files[i]
    writeFileSync(join(folder, 'my.yaml'), yaml)
    const config = readConfig(of, { file: join(folder, 'my.yaml') })
    const differs = (key: string) => !isDeepStrictEqual(config[key as keyof Config], of[key as keyof Config])
    assert.equal(Object.keys(config).filter(differs).sort(), changed)
    const layers = layerTable({ ...input, noiseStd: config.noise.std, ...config.network })
    assert.equal(
      layers.map((layer) => layer.width),
      widths,
    )
  }
})

test('every option it names exists, and every option of every command is named', () => {
  const optionsIn = (words: string) => [...words.matchAll(/(?<=[\s`(])--([a-z][a-z-]*)/g)].map((match) => match[1])
  const elsewhere = ['help', 'json', 'import'] // of every command, of adapters, of node
  const ofSlurm = ['array', 'cpus-per-task', 'dependency', 'requeue']
  const commands = [
    runOptions,
    measureOptions,
    initOptions,
    compareOptions,
    reportOptions,
    estimateOptions,
    profileOptions,
    validateOptions,
    exportOptions,
    listOptions,
    showOptions,
    benchOptions,
    ...sweepOptions,
  ]
  const known = commands.flatMap((options) => Object.keys(options))
  for (const file of manual) {
    const others = file === 'docs/cluster.md' ? ofSlurm : []
    assert.equal(missing(optionsIn(readPage(file)), [...known, ...elsewhere, ...others]), [], file)
  }
  assert.equal(missing(known, optionsIn(text)), [])
})

test('every column of the tables is named', () => {
  const metadata = { configuration_hash: '' }
  const { trainingSchema, informationSchema, noiseLevelSchema, rivalSchema, activationSchema } = schema
  const { clusteringSchema, binnedEntropySchema, histogramSchema, entropySchema } = schema
  const asked = [noiseLevelSchema, rivalSchema, entropySchema, clusteringSchema, binnedEntropySchema, histogramSchema]
  const ofStudies = [mixtureSchema, reedMullerSchema, similaritySchema, kernelSchema, benchSchema, scalingSchema]
  const ofRuns = [...ofStudies, trainingSchema, informationSchema, ...asked].map((make) => make(metadata))
  const fields = [...ofRuns, activationSchema(1, 1, metadata), schema.scatterSchema(1, metadata)].flatMap(
    (table) => table.fields,
  )
  const columns = [...fields, ...answerColumns].map(({ name }) => name)
  const named = [...text.matchAll(/`(\w+)`/g)].map((match) => match[1])
  const suffixes = /_(corrected|se|low|high)$/
  assert.equal(
    missing(
      columns.map((name) => name.replace(suffixes, '')),
      named,
    ),
    [],
  )
  for (const suffix of ['corrected', 'se', 'low', 'high']) assert.match(text, `NAME_${suffix}`)
})

test('shaders/README.md lists every kernel', () => {
  const listed = [...read('shaders/README.md').matchAll(/^\| \[`([\w-]+)`\]\(\1\.wgsl\)/gm)].map((match) => match[1])
  assert.equal(listed, shaderStems())
})

test('every section of METHOD.md that code or tests cite is there', () => {
  const sections = [...read('METHOD.md').matchAll(/^##+ ([\d.]+) /gm)].map((match) => match[1])
  const citing = projectFiles().filter((file) => /^(src|scripts|shaders|test)\/.*\.(ts|wgsl|mjs)$/.test(file))
  const cited = citing.flatMap((file) => [...read(file).matchAll(/METHOD ([\d.]*\d(?:, [\d.]*\d)*)/g)])
  const numbers = cited.flatMap((match) => match[1].split(', '))
  assert.ok(numbers.length > 20, `${numbers.length} citations`)
  assert.equal(missing(numbers, sections), [])
})

test.run()

/** The one block of a language in a file. */
function block(file: string, language: string): string {
  const found = blocks(file, language)
  assert.is(found.length, 1, `blocks of ${language}`)
  return found[0]
}

function missing(names: Iterable<string>, known: Iterable<string>): string[] {
  const all = new Set(known)
  return [...new Set(names)].filter((name) => !all.has(name))
}
