/**
 * One estimate from its first line to its last. The file is read before an adapter is opened, so that mistakes in it
 * come fast. What a person reads on the way goes to stderr, the answers to stdout.
 */
import { InputError } from '../errors.js'
import { openDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import { estimateInformation } from '../information/estimate.js'
import { bisected } from '../machine/bisect.js'
import { GpuMachine } from '../machine/gpu.js'
import { ReferenceMachine } from '../machine/reference.js'
import type { Machine } from '../plan.js'
import { groupName } from '../report/answers-groups.js'
import { answersReport } from '../report/answers.js'
import { readSamples, type SampleGroup } from '../samples/read.js'
import { distinctKeys, writeEstimates, type GroupAnswer } from '../tables/answers.js'
import { costOf, readLine } from './estimate-groups.js'
import { answersJson, checkOut, estimatesMetadata } from './estimate-output.js'
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
    process.stdout.write(`${request.json ? answersJson(answers) : answersReport({ answers, ...shown(request) })}\n`)
    if (request.out === undefined) return
    writeEstimates(request.out, answers, estimatesMetadata(request, machine.name))
    say(`written: ${request.out}`)
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
      answers.push({ keys, answer: await named(name, estimateInformation(machine, samples, options)) })
    }
  } finally {
    progress.stop()
  }
  return answers
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
const say = (line: string) => process.stderr.write(`${line}\n`)
