/**
 * One estimate from its first line to its last. The file is read before an adapter is opened, so that mistakes in it
 * come fast. What a person reads on the way goes to stderr, the answers to stdout.
 */
import { InputError } from '../errors.js'
import { openDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import { estimateInformation } from '../information/estimate.js'
import { addProcessingWarnings } from '../information/processing.js'
import { bisected } from '../machine/bisect.js'
import { GpuMachine } from '../machine/gpu.js'
import { ReferenceMachine } from '../machine/reference.js'
import type { Machine } from '../plan.js'
import { groupName } from '../report/answers-groups.js'
import { answersReport } from '../report/answers.js'
import { rivalsReport } from '../report/rivals.js'
import { readSamples, type SampleGroup } from '../samples/read.js'
import { compareRivals } from '../rivals/compare.js'
import { distinctKeys, writeEstimates, writeRivals, type GroupAnswer, type GroupRivals } from '../tables/answers.js'
import { costOf, readLine } from './estimate-groups.js'
import { answersJson, besideOut, checkOut, estimatesMetadata } from './estimate-output.js'
import { GroupProgress } from './estimate-progress.js'
import type { EstimateRequest } from './estimate-request.js'

/** Estimates, prints and writes. @throws InputError: the file, the options, the adapter, the disk */
export async function performEstimate(request: EstimateRequest): Promise<void> {
  checkOut(request)
  const read = await readSamples(request.samples, request.columns)
  const groups = read.map(({ keys, samples }) => ({ keys: distinctKeys(keys), samples }))
  const { machine, described } = await open(request)
  try {
    say(described)
    say(readLine(groups, request))
    const answers = await answerAll(machine, groups, request)
    if (!request.json) print(answersReport({ answers, ...shown(request) }))
    const rivals = request.compare ? compareAll(groups, request) : undefined
    if (request.json) print(answersJson(answers, rivals))
    else if (rivals) print(`\n${rivalsReport({ rivals, bits: request.bits })}`)
    write({ answers, rivals }, request, machine.name)
  } finally {
    machine.destroy()
  }
}

async function open({ adapter, options }: EstimateRequest): Promise<{ machine: Machine; described: string }> {
  if (options.noiseStd === 0) {
    return { machine: new ReferenceMachine(), described: 'adapter: none needed for a layer without noise' }
  }
  const device = await openDevice({ name: adapter })
  const described = device.adapter.describe()
  return { machine: bisected(new GpuMachine(device), shaderStems()), described }
}

async function answerAll(
  machine: Machine,
  groups: readonly SampleGroup[],
  { options }: EstimateRequest,
): Promise<GroupAnswer[]> {
  const progress = new GroupProgress(groups.map(({ samples }) => costOf(samples)))
  const answers: GroupAnswer[] = []
  try {
    for (const [i, { keys, samples }] of groups.entries()) {
      const name = groupName(keys)
      progress.begin(i, name)
      answers.push({ keys, answer: await named(name, estimateInformation(machine, samples, { ...options, forecast })) })
    }
  } finally {
    progress.stop()
  }
  addProcessingWarnings(answers)
  return answers
}

/** Every estimator there is beside ours, on the samples of each group. */
function compareAll(groups: readonly SampleGroup[], { options }: EstimateRequest): GroupRivals[] {
  const { noiseStd, seed = 1 } = options
  return groups.map(({ keys, samples }, i) => {
    const name = groupName(keys)
    say(`comparing${name && ` ${name}, group ${i + 1} of ${groups.length}`}`)
    return { keys, rivals: compareRivals(samples, noiseStd, seed) }
  })
}

function write(
  { answers, rivals }: { answers: GroupAnswer[]; rivals?: GroupRivals[] },
  request: EstimateRequest,
  adapter: string,
): void {
  const { out } = request
  if (out === undefined) return
  const metadata = estimatesMetadata(request, adapter)
  writeEstimates(out, answers, metadata)
  say(`written: ${out}`)
  if (rivals === undefined) return
  writeRivals(besideOut(out), rivals, metadata)
  say(`written: ${besideOut(out)}`)
}

/** Said before work that takes long, with what would be cheaper. */
function forecast(seconds: number): void {
  const minutes = Math.round(seconds / 60)
  say(
    `expected: about ${minutes} minutes a round of queries on this adapter; cheaper: --replicas 16 (fewer samples of each x ` +
      'in the sums over others), --batches 8, --certificate 1e-3, or fewer rows',
  )
}

/** A mistake in one group says in which. */
async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (name === '' || !(error instanceof InputError)) throw error
    throw new InputError(`${name}: ${error.message}`)
  }
}

const shown = ({ options, bits }: EstimateRequest) => ({ inputs: options.inputs, bits })
const print = (text: string) => process.stdout.write(`${text}\n`)
const say = (line: string) => process.stderr.write(`${line}\n`)
