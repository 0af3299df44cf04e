/** Networks trained by PyTorch in double precision, asked through Python: see torch_network.py. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dropout } from '../../src/kernels/dropout.js'
import { noise } from '../../src/kernels/noise.js'
import { packSteps } from '../../src/kernels/step.js'
import { stateDict } from '../../src/network/parameters.js'
import type { Tensor } from '../../src/tables/rows.js'
import { writeSafetensors } from '../../src/tables/safetensors.js'
import { settled } from '../../src/training/options.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { trainingStep } from '../../src/training/step-plan.js'
import { root } from '../example.js'

export interface Question {
  setup: TrainingSetup
  /** To start from. */
  parameters: Float32Array
  /** By epoch and step, rows of the inputs. */
  batches: number[][][]
}

/** Numbers in the order of parameterLayout. */
export interface Answer {
  /** Loss of all inputs without noise and dropout, before and after. */
  before: number
  after: number
  parameters: Float64Array
  /** Of the last step; null with weight normalisation. */
  gradients: Float64Array | null
  /** Directions, biases and behind them gains; null without weight normalisation. */
  moved: Float64Array | null
}

/** One process for all questions. Throws where Python ends badly. */
export function trainedByTorch(
  python: string,
  questions: Record<string, Question>,
): { answers: Record<string, Answer>; versions: string } {
  return inFolder((folder) => {
    const entries = Object.entries(questions)
    const asked = entries.map(([, question], i) => written(folder, `network-${i}`, question))
    writeFileSync(join(folder, 'questions.json'), JSON.stringify(asked))
    const script = join(root, 'test/peers/torch_network.py')
    const printed = execFileSync(python, [script, folder], { encoding: 'utf8', timeout: 120_000 })
    const { versions, losses } = JSON.parse(printed) as { versions: string; losses: Record<string, Losses> }
    const answer = ({ setup }: Question, name: string) => ({ ...losses[name], ...readAnswer(folder, name, setup) })
    const answers = entries.map(([key, question], i) => [key, answer(question, `network-${i}`)] as const)
    return { answers: Object.fromEntries(answers), versions }
  })
}

type Losses = Pick<Answer, 'before' | 'after'>

/** A folder for as long as `use` needs it. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-peer-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes the tensors; what questions.json says of the network. */
function written(folder: string, name: string, { setup, parameters, batches }: Question): object {
  const { network, data, training } = setup
  const inputs = { name: 'inputs', shape: [data.count, data.width], data: data.inputs }
  const tensors = [...stateDict(network, parameters), inputs, ...drawn(setup)]
  writeSafetensors(join(folder, `${name}.safetensors`), tensors, {})
  const shape = network.inputShape ?? [network.inputWidth]
  const about = { shape, layers: network.layers, training: settled(training) }
  return { name, ...about, labels: [...data.labels], batches }
}

/** Noise and dropout of the first step, as the references draw them: of zeros, and of ones. */
function drawn(setup: TrainingSetup): Tensor[] {
  const [seed] = setup.seeds
  const rows = setup.training.batchSize
  const step = packSteps([{ seed, noiseStep: 0, batchStart: 0, rows, stepSize: 1, correction: 1 }])
  const tensors = new Map<string, Tensor>()
  for (const { kernel, params } of trainingStep(setup)) {
    const name = { noise: 'noise', dropout: 'kept' }[kernel.name]
    if (!name) continue
    const count = params.count ?? params.rows * params.width
    const data = new Float32Array(count)
    if (name === 'noise') noise.reference(params, { step, source: data, noisy: data }, { SOURCE: false })
    else dropout.reference(params as never, { step, x: data.map(() => 1), s: data }, {})
    const full = `${name}.${params.layer}`
    tensors.set(full, { name: full, shape: [rows, count / rows], data })
  }
  return [...tensors.values()]
}

function readAnswer(folder: string, name: string, { training }: TrainingSetup): Omit<Answer, keyof Losses> {
  const read = (part: string) => readNumbers(join(folder, `${name}.${part}`), Float64Array)
  const parameters = read('parameters')
  if (!training.weightNorm) return { parameters, gradients: read('gradients'), moved: null }
  const [directions, gains] = [read('directions'), read('gains')]
  return { parameters, gradients: null, moved: Float64Array.from([...directions, ...gains]) }
}

/** A file of little-endian numbers. */
export function readNumbers<T>(path: string, kind: new (buffer: ArrayBuffer) => T): T {
  return new kind(new Uint8Array(readFileSync(path)).buffer)
}
