/** Every reader of files from outside, with small valid files of its formats: what the fuzzer damages. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { claimsOf } from '../../src/comparison/claims.js'
import { compareConditions } from '../../src/comparison/compare.js'
import { listText } from '../../src/commands/perform-list.js'
import { showText } from '../../src/commands/perform-show.js'
import { conditionsOf, groupsOf } from '../../src/comparison/condition.js'
import { readRuns } from '../../src/comparison/run.js'
import { comparisonText } from '../../src/comparison/text.js'
import { dataFromFiles } from '../../src/data/data-files.js'
import type { DataSet } from '../../src/data/dataset.js'
import { imagesIn } from '../../src/data/labelled-images.js'
import { untar } from '../../src/data/tar.js'
import { InputError } from '../../src/errors.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { szt } from '../../src/experiments/szt.js'
import type { NetworkSpec } from '../../src/network/network.js'
import { reportCondition, seedsOf } from '../../src/report/report-condition.js'
import { storedRuns } from '../../src/report/stored-run.js'
import { readSamples, type SampleGroup } from '../../src/samples/read.js'
import type { Samples } from '../../src/samples/samples.js'
import { readPlan, writePlan } from '../../src/sweep/plan.js'
import { standingLines } from '../../src/sweep/standing-words.js'
import { submittedJobs, noteSubmitted, writeScripts } from '../../src/sweep/submitted.js'
import { beginTask, standings } from '../../src/sweep/task-state.js'
import { CheckpointFiles } from '../../src/tables/checkpoint-files.js'
import { readSafetensors, writeSafetensors } from '../../src/tables/safetensors.js'
import { checkpoints } from '../../src/weights/checkpoints.js'
import { readOnnx } from '../../src/weights/onnx.js'
import { stateDictParameters } from '../../src/weights/state-dict.js'
import { writeRun } from '../comparison/synthetic.js'
import { idxBytes, imageFiles, imageFolder } from '../data/idx-files.js'
import { fixture } from '../samples/example-samples.js'
import { syntheticPlan } from '../sweep/synthetic.js'
import { entry, rawSafetensors } from '../tables/safetensors-file.js'
import { onnxBytes } from '../weights/onnx-file.js'
import { convolutions, mlp } from '../weights/onnx-graphs.js'

export interface Subject {
  name: string
  /** Valid files by the name that the damaged one is to have; made in the folder, which may keep others beside them. */
  files(folder: string): [name: string, bytes: Uint8Array][]
  /** Around the bytes as they are damaged: gzip, which would else only fail at its checksum. */
  wrap?(bytes: Buffer): Buffer
  /** Throws InputError where the file is refused; any other error is a fault, as is a result that is not whole. */
  read(path: string, folder: string): Promise<void> | void
}

/** Of test/samples/fixtures, read as samples of `estimate`, in one group and in several, and as data to train on. */
function sampleFiles(name: string, files: string): Subject {
  return {
    name,
    files: () => files.split(' ').map((file) => [file, readFileSync(fixture(file))]),
    async read(path) {
      const check = (groups: SampleGroup[]) => groups.forEach(({ samples }) => checkSamples(samples))
      const readings = await Promise.allSettled([
        readSamples(path).then(check),
        readSamples(path, { by: ['epoch'] }).then(check),
        dataFromFiles({ inputs: path, inputColumn: 's' }).then(checkData),
      ])
      const errors = readings.map((one) => (one.status === 'rejected' ? (one.reason as Error) : null))
      const fault = errors.find((error) => error !== null && !(error instanceof InputError)) ?? errors[0]
      if (fault) throw fault
    },
  }
}

const arrow =
  'pandas-wide.feather pandas.feather polars-lz4.arrow polars-zstd-f64.arrow polars.arrow pyarrow-dictionary.arrow ' +
  'pyarrow-f16.arrow pyarrow-lz4-f64.feather pyarrow-zstd.feather repeats-lz4.feather repeats-zstd.feather'
const streams = 'dictionary-deltas.arrows polars-categorical.arrows pyarrow-lz4.arrows pyarrow.arrows'
const parquet =
  'pandas-wide.parquet polars.parquet pyarrow-brotli.parquet pyarrow-f16.parquet pyarrow-f64-v2-pages.parquet ' +
  'pyarrow-gzip.parquet pyarrow-lz4.parquet pyarrow-none.parquet pyarrow-snappy.parquet pyarrow-zstd.parquet'
const npy = 's-big-endian.npy s-f16.npy s-fortran.npy s-integers.npy s-version-3.npy s.npy'

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`read, and wrong: ${what}`)
}

function checkSamples({ count, width, s, x, y, weights }: Samples): void {
  check(count >= 1 && width >= 1 && s.length === count * width, `${count} x ${width} samples of ${s.length} numbers`)
  check(s.every(Number.isFinite), 'samples are finite')
  for (const column of [x, y, weights]) check(column === null || column.length === count, 'a value in every row')
}

function checkData({ count, width, inputs, labels, classes }: DataSet): void {
  check(count >= 1 && width >= 1 && inputs.length === count * width, `${count} x ${width} of ${inputs.length} inputs`)
  check(inputs.every(Number.isFinite), 'inputs are finite')
  check(labels.length === count && labels.every((label) => label < classes), 'labels are classes')
}

const network: NetworkSpec = {
  inputWidth: 2,
  layers: [
    { type: 'dense', width: 3, activation: 'tanh' },
    { type: 'dense', width: 2, activation: 'linear' },
  ],
  noiseStd: 0,
}

function stateDict(folder: string): Uint8Array {
  const path = join(folder, 'made.safetensors')
  const tensor = (name: string, shape: number[]) => {
    const count = shape.reduce((all, side) => all * side, 1)
    return { name, shape, data: Float32Array.from({ length: count }, (_, i) => i / 7) }
  }
  const tensors = [tensor('0.weight', [3, 2]), tensor('0.bias', [3]), tensor('2.weight', [2, 3]), tensor('2.bias', [2])]
  writeSafetensors(path, tensors, { epoch: '3', seed: '1' })
  return readFileSync(path)
}

/** The same network, its numbers as halves, and a counter beside them. */
const halves = rawSafetensors(
  {
    ...{ '0.weight': entry('F16', [3, 2], 0, 12), '0.bias': entry('BF16', [3], 12, 18) },
    ...{ '2.weight': entry('BF16', [2, 3], 18, 30), '2.bias': entry('F16', [2], 30, 34) },
    steps: entry('I64', [1], 34, 42),
  },
  new Uint8Array(42).fill(60),
)

const ourRun = (folder: string) =>
  writeRun(join(folder, 'run'), {
    configuration: { noise: { std: 0.005 }, name: 'ours' },
    curves: [1, 2].map((seed) => ({ seed, mi: [1, 3, 2], within: [3, 2, 1], bins: { 0.05: [1, 2, 3] } })),
    accuracy: { 1: 0.9, 2: 0.8 },
  })

/** Files of a run, damaged one at a time; the others lie whole beside. */
const tables = ['information.arrow', 'training.arrow', 'clustering.arrow', 'binned-entropies.arrow', 'run.json']

/** What compare, show, list and report make of a run. */
function lookAt(folder: string): void {
  checkPlain(showText(join(folder, 'run'), { width: 80, ascii: true }))
  checkPlain(listText(folder, { json: false }))
  for (const { name, runs } of groupsOf(storedRuns([folder]), seedsOf)) reportCondition(name, runs)
  const conditions = conditionsOf(readRuns([join(folder, 'run')]))
  const rows = compareConditions(conditions)
  checkPlain(comparisonText(conditions, rows, claimsOf(conditions, rows)))
}

const checkPlain = (text: string) => check(!/[^\P{Cc}\n]|\p{Cf}/u.test(text), 'text that a terminal would obey')

const yaml = `# a run
seeds: [1, 2]
noise: {std: 0.01}
training:
  epochs: 3
  batchSize: 64
  learningRate: 4e-4
network:
  layers:
    - {width: 4, activation: tanh}
    - &last {width: 2, activation: linear}
measurement: {layers: [1], replicas: 8}
`

/** A sweep of four tasks, one failed and one that runs, submitted once. */
function ourSweep(folder: string): [name: string, bytes: Uint8Array][] {
  const plan = syntheticPlan(2, 2)
  writePlan(folder, plan)
  beginTask(folder, plan, 0)({ error: 'out of memory' })
  beginTask(folder, plan, 1)
  writeScripts(folder, { tasks: '', merge: '' })
  noteSubmitted(folder, { tasks: '12', merge: '13', submitted: '2026-01-01T00:00:00.000Z' })
  const names = ['plan.json', 'states/00000.json', 'states/00001.json', 'slurm/jobs.json']
  return names.map((name) => [name, readFileSync(join(folder, name))])
}

function ourCheckpoint(folder: string): [name: string, bytes: Uint8Array][] {
  const files = new CheckpointFiles(folder)
  const tensors = [{ name: '1.0.weight', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]
  files.write({ tensors, state: { rows: 3, best: Infinity } })
  return readdirSync(files.folder).map((name) => [`checkpoints/${name}`, readFileSync(join(files.folder, name))])
}

function tarOf(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).map(([name, text]) => {
    const head = Buffer.alloc(512)
    head.write(name)
    head.write(text.length.toString(8).padStart(11, '0'), 124)
    head.write('0', 156)
    return Buffer.concat([head, Buffer.from(text.padEnd(512 * Math.ceil(text.length / 512), '\0'))])
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export const subjects: readonly Subject[] = [
  sampleFiles('Arrow file', arrow),
  sampleFiles('Arrow stream', streams),
  sampleFiles('Parquet', parquet),
  sampleFiles('npy', npy),
  sampleFiles('npz', 'arrays.npz arrays-compressed.npz'),
  sampleFiles('CSV', 'pandas.csv'),
  {
    name: 'IDX',
    files(folder) {
      imageFolder(join(folder, 'idx'))
      const { images, labels } = imageFiles(5)
      return [
        ['idx/train-images-idx3-ubyte', images],
        ['idx/train-labels-idx1-ubyte', labels],
        ['idx/t10k-images-idx3-ubyte', idxBytes([4, 2, 3], new Uint8Array(24))],
      ]
    },
    read: (_, folder) => void imagesIn(join(folder, 'idx'), 10),
  },
  {
    name: 'IDX in gzip',
    files: () => [['images.gz', idxBytes([4, 2, 3], new Uint8Array(24).fill(7))]],
    wrap: (bytes) => gzipSync(bytes),
    async read(path, folder) {
      const labels = join(folder, 'labels.idx')
      writeFileSync(labels, idxBytes([4], [0, 1, 1, 0]))
      checkData(await dataFromFiles({ inputs: path, labels }))
    },
  },
  {
    name: 'gzip',
    files: () => [['images.gz', gzipSync(idxBytes([4, 2, 3], new Uint8Array(24).fill(7)))]],
    async read(path, folder) {
      const labels = join(folder, 'labels.idx')
      writeFileSync(labels, idxBytes([4], [0, 1, 1, 0]))
      checkData(await dataFromFiles({ inputs: path, labels }))
    },
  },
  {
    name: 'tar',
    files: () => [['data.tar', tarOf({ 'package/a': 'hello', 'package/b': 'x'.repeat(600) })]],
    read: (path) => void untar(readFileSync(path), 'data.tar'),
  },
  {
    name: 'safetensors',
    files: (folder) => [
      ['epoch-3.safetensors', stateDict(folder)],
      ['epoch-4.safetensors', halves],
    ],
    read(path) {
      checkpoints([path])
      const { tensors } = readSafetensors(path)
      const { parameters } = stateDictParameters(network, tensors, { name: path })
      check(parameters.length === 17 && parameters.every(Number.isFinite), 'weights are whole and finite')
    },
  },
  {
    name: 'ONNX',
    files: () => [
      ['mlp.onnx', onnxBytes(mlp())],
      ['convolutions.onnx', onnxBytes(convolutions())],
      ['torch.onnx', readFileSync(new URL('../weights/torch.onnx', import.meta.url))],
    ],
    read: (path) => check(readOnnx(path).parameters.every(Number.isFinite), 'weights are finite'),
  },
  {
    name: 'our tables',
    files(folder) {
      ourRun(folder)
      return tables.map((name) => [`run/${name}`, readFileSync(join(folder, 'run', name))])
    },
    read: (_, folder) => lookAt(folder),
  },
  {
    name: 'YAML',
    files: () => [['run.yaml', Buffer.from(yaml)]],
    read: (path) => void readConfig(szt.defaults, { file: path }),
  },
  {
    name: 'JSON',
    files: () => [['run.json', Buffer.from(JSON.stringify(szt.defaults, null, 1))]],
    read: (path) => void readConfig(szt.defaults, { file: path }),
  },
  {
    name: 'sweep',
    files: ourSweep,
    read(_, folder) {
      const plan = readPlan(folder)
      checkPlain(standingLines(plan, standings(folder, plan)).join('\n'))
      check(
        submittedJobs(folder).every(({ tasks, merge }) => /^\d+ \d+$/.test(`${tasks} ${merge}`)),
        'jobs are numbers',
      )
    },
  },
  {
    name: 'checkpoint',
    files: ourCheckpoint,
    read(path, folder) {
      const { content, damaged } = new CheckpointFiles(folder).latest()
      check((content === null) === (damaged.length === 1), 'it is whole, or said to be damaged')
      if (content === null) throw new InputError(`${path}: damaged`)
    },
  },
]

/** The valid files of a subject, on disk in a folder of its own. */
export function laidOut(subject: Subject, folder: string): [path: string, bytes: Uint8Array][] {
  mkdirSync(folder, { recursive: true })
  return subject.files(folder).map(([name, bytes]) => {
    writeFileSync(join(folder, name), subject.wrap ? subject.wrap(Buffer.from(bytes)) : bytes)
    return [join(folder, name), bytes]
  })
}
