/** One bench from its first line to its last. Progress goes to stderr, results to stdout; tables and text to the folder. */
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { climbAll, laddersOf, sizesOf, together, type Sizes } from '../bench/ladders.js'
import { scaling as scaled } from '../bench/scaling.js'
import { trainedLayers, type LayerScene } from '../bench/trained.js'
import type { ClimbObserver } from '../bench/climb.js'
import { ladderCounts, parts } from '../bench/parts.js'
import { icosahedron } from '../data/icosahedron.js'
import { szt } from '../experiments/szt.js'
import { openDevice, type OpenDevice } from '../gpu/device.js'
import { GpuMachine } from '../machine/gpu.js'
import type { LayerSpec } from '../network/network.js'
import { benchText, ladderLines, meaning } from '../report/bench.js'
import { duration, wrapped } from '../report/numbers.js'
import { writePicture } from '../report/picture.js'
import { Progress } from '../report/progress.js'
import { scalingSpecification } from '../report/scaling-picture.js'
import { batchOfRows } from '../tables/batch.js'
import { benchSchema, scalingSchema, type BenchRow, type ScalingRow } from '../tables/bench.js'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { writeRunRecord } from '../tables/run-folder.js'
import type { TableMetadata } from '../tables/schema.js'
import { TableWriter } from '../tables/stream.js'
import type { TrainingSetup } from '../training/setup.js'
import type { BenchAsked } from './bench-options.js'
import { ClaimedFolder } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { watchInterrupts } from './interrupts.js'
import { recordOf, tableMetadata } from './run-record.js'
import { shellCommand } from './shell.js'
import { versions } from './versions.js'

interface Bench {
  asked: BenchAsked
  machine: GpuMachine
  open: OpenDevice
  folder: string
  metadata: TableMetadata
  progress: Progress
  observer: ClimbObserver
  /** Load average before anything began. */
  load: number
  done: { ladders: number }
}

/** The exit code. Throws InputError: no adapter, none of that name, a folder that is taken or cannot be written. */
export async function performBench(asked: BenchAsked): Promise<number> {
  const [load] = loadavg()
  const progress = new Progress()
  const claimed = await ClaimedFolder.claim('bench', asked)
  const interrupts = watchInterrupts((line) => progress.log(line))
  let open: OpenDevice | null = null
  try {
    open = await openDevice({ name: asked.adapter })
    progress.log(open.adapter.describe())
    progress.log(wrapped(meaning))
    const record = recordOf(configurationOf(asked), 'Benchmarks', commandOf(asked, open.adapter.name), open.adapter)
    const folder = claimed.keep()
    writeRunRecord(folder, { status: 'running', ...record })
    const done = { ladders: 0, of: asked.only.reduce((sum, part) => sum + ladderCounts[part], asked.scaling ? 1 : 0) }
    const doing = (what: string) => progress.progress(done.ladders / done.of, null, what)
    const observer = { signal: interrupts.signal, doing }
    const machine = new GpuMachine(open)
    const bench = { asked, machine, open, folder, metadata: tableMetadata(record), progress, observer, load, done }
    const rows = await measured(bench)
    const status = interrupts.signal.aborted ? 'interrupted' : 'finished'
    writeRunRecord(folder, { status, ...record, ended: new Date().toISOString() })
    process.stdout.write(`\n${written(folder, asked.scaling)}\n`)
    if (interrupts.signal.aborted) return exitCodes.interrupted
    const wrong = rows.filter((row) => row.status === 'wrong')
    for (const { ladder, rung } of wrong) process.stderr.write(`infoflow: bench: ${ladder}, ${rung}: does not agree\n`)
    return wrong.length > 0 ? exitCodes.checkFailed : exitCodes.fine
  } finally {
    progress.stop()
    interrupts.release()
    claimed.release()
    open?.destroy()
  }
}

/** Every table, told as it comes, and then all of them together. */
async function measured(bench: Bench): Promise<BenchRow[]> {
  const { asked, machine, folder, metadata, observer, progress } = bench
  const sizes = sizesOf(asked.quick, machine.software)
  const table = new TableWriter(join(folder, 'bench.arrows'), benchSchema(metadata))
  const rows: BenchRow[] = []
  const tell = (own: BenchRow[]) => {
    table.append(batchOfRows(table.schema, own))
    rows.push(...own)
    process.stdout.write(`\n${ladderLines(own)}\n`)
  }
  const setup = sztSetup()
  for (const part of asked.only) {
    const layers = part === 'pruning' ? await trained(bench, setup, sizes, sizes.replicas) : []
    const ofPart: BenchRow[][] = []
    await climbAll(laddersOf(machine, part, sizes, setup, layers), sizes.effort, observer, (own) => {
      ofPart.push(own)
      bench.done.ladders++
      tell(own)
    })
    if (part === 'pruning' && ofPart.length > 1) tell(together(ofPart))
  }
  table.finish()
  const curves = asked.scaling ? await scalingOf(bench, setup, sizes) : []
  writeText(join(folder, 'bench.md'), benchText(headingOf(bench), rows, curves))
  progress.stop()
  return rows
}

/** Queries of every sum, and times that each is formed. */
const [scalingQueries, scalingRepetitions] = [4096, 3]

async function scalingOf(bench: Bench, setup: TrainingSetup, sizes: Sizes): Promise<ScalingRow[]> {
  const { asked, machine, folder, metadata, observer, progress } = bench
  const usual = machine.software ? 2 ** (asked.quick ? 15 : 18) : 2 ** 20
  const most = asked.centers ?? usual
  // full sums take what they take: on software adapters not beyond what is usual there
  const mostInFull = machine.software ? Math.min(most, 2 ** (asked.quick ? 15 : 18)) : most
  progress.log(`scaling: up to ${most} centers, ${mostInFull} in full, ${scalingQueries} queries`)
  const layers = await trained(bench, setup, sizes, Math.max(8, most / setup.data.count))
  const plan = { queries: scalingQueries, most, mostInFull, repetitions: scalingRepetitions }
  const rows = await scaled(machine, layers, plan, observer)
  const table = new TableWriter(join(folder, 'scaling.arrows'), scalingSchema(metadata))
  if (rows.length > 0) table.append(batchOfRows(table.schema, rows))
  table.finish()
  if (rows.length > 0) {
    const about = `${scalingQueries} queries, medians of ${scalingRepetitions}; ${bench.open.adapter.name}`
    await writePicture('scaling', scalingSpecification('What a sum costs, by number of centers', about, rows), folder)
  }
  return rows
}

async function trained(
  { machine, observer, progress }: Bench,
  setup: TrainingSetup,
  sizes: Sizes,
  replicas: number,
): Promise<LayerScene[]> {
  if (observer.signal?.aborted) return []
  const start = performance.now()
  progress.log(`training the network whose samples are summed: ${sizes.epochs} epochs`)
  const layers = await trainedLayers(machine, setup, sizes.epochs, replicas, observer.signal)
  progress.log(`  trained and sampled in ${duration((performance.now() - start) / 1000)}`)
  return layers
}

/** The network of `infoflow run szt`, seed 1. */
function sztSetup(): TrainingSetup {
  const { training, noise, network } = szt.defaults
  const data = icosahedron()
  const layers = (network as { layers: LayerSpec[] }).layers
  const options = { ...training, epochs: 1, trainCount: Number(training.trainCount) }
  return { seeds: [1], data, network: { inputWidth: data.width, noiseStd: noise.std, layers }, training: options }
}

function headingOf({ open, asked, load }: Bench) {
  const { infoflow, node, webgpu } = versions()
  return {
    adapter: open.adapter.describe(),
    command: commandOf(asked, null),
    versions: `infoflow ${infoflow}, node ${node}, webgpu ${webgpu}`,
    cores: availableParallelism(),
    date: new Date().toISOString().slice(0, 10),
    load: [load, loadavg()[0]] as [number, number],
  }
}

function configurationOf({ quick, only, scaling, centers }: BenchAsked) {
  return { mode: quick ? 'quick' : 'full', only, scaling, centers: centers ?? null }
}

/** The command again, without the folder; with the adapter's whole name where it is given. */
function commandOf({ quick, only, scaling, centers }: BenchAsked, adapter: string | null): string {
  return shellCommand([
    ...['infoflow', 'bench', ...(quick ? ['--quick'] : []), ...onlyWords(only)],
    ...(scaling ? ['--scaling'] : []),
    ...(centers === undefined ? [] : ['--centers', String(centers)]),
    ...(adapter === null ? [] : ['--adapter', adapter]),
  ])
}

function onlyWords(only: readonly string[]): string[] {
  if (only.length === parts.length) return []
  return ['--only', only.length === 0 ? 'none' : only.join(',')]
}

function writeText(path: string, text: string): void {
  try {
    writeAtomically(path, (file) => writeFully(file, Buffer.from(text)))
  } catch (error) {
    throw diskError(error, `${path}: cannot write`)
  }
}

function written(folder: string, scaling: boolean): string {
  const files = [
    ['bench.md', 'every table'],
    ['bench.arrow', 'the same, a row for each way'],
    ...(scaling
      ? [
          ['scaling.arrow', 'time against centers'],
          ['scaling.png', 'its picture, also as .svg and .vl.json'],
        ]
      : []),
    ['run.json', 'versions, adapter, commands'],
  ].map(([file, what]) => [join(folder, file), what])
  const width = Math.max(...files.map(([path]) => path.length))
  return ['Written', ...files.map(([path, what]) => `  ${path.padEnd(width)}  ${what}`)].join('\n')
}
