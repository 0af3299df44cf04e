/** What is asked of `infoflow estimate`, from the words typed; a mistake is one line that quotes them. */
import { z } from 'zod'
import { InputError } from '../errors.js'
import type { EstimateOptions } from '../information/answer.js'
import type { SampleColumns } from '../samples/read.js'
import { single, switched, type Typed } from './run-options.js'

export interface EstimateRequest {
  /** The file. */
  samples: string
  columns: SampleColumns
  options: EstimateOptions & { inputs: 'all' | 'sample' }
  adapter?: string
  /** Whether rivals are asked too. */
  compare: boolean
  json: boolean
  bits: boolean
  out?: string
  force: boolean
}

const noiseMeaning =
  "the standard deviation of the layer's own Gaussian noise, in the units of s: a number >= 0, such as 0.1 " +
  '(0 for a layer without noise)'

/** Every message is what was expected, the end of the sentence "'-1' is not ...". */
const values = {
  'noise-std': real(noiseMeaning).min(0, noiseMeaning),
  inputs: z.enum(['all', 'sample'], "'all' (the x in the file are all the inputs) or 'sample' (they are some of them)"),
  tolerance: real('a number > 0, in nats').gt(0, 'a number > 0, in nats'),
  certificate: real('a number >= 0, in nats').min(0, 'a number >= 0, in nats'),
  batches: whole(2),
  replicas: whole(1),
  seed: whole(0, 2 ** 32 - 1),
}

/** The checked request. @throws InputError: the first mistake */
export function readRequest(typed: Typed): EstimateRequest {
  const text = (name: string) => single(typed, name)
  const value = <K extends keyof typeof values>(name: K) => read(name, text(name))
  const noiseStd = value('noise-std')
  if (noiseStd === undefined) throw new InputError(`--noise-std: not given, expected ${noiseMeaning}`)
  const given = { tolerance: value('tolerance'), certificate: value('certificate'), batches: value('batches') }
  const more = { replicas: value('replicas'), seed: value('seed') }
  return {
    samples: String(typed.samples),
    columns: { s: text('s'), x: text('x'), y: text('y'), weights: text('weights'), by: namesIn(text('by')) },
    options: { noiseStd, inputs: value('inputs') ?? 'sample', ...given, ...more },
    adapter: text('adapter'),
    compare: switched(typed, 'compare') ?? false,
    json: switched(typed, 'json') ?? false,
    bits: switched(typed, 'bits') ?? false,
    out: text('out'),
    force: switched(typed, 'force') ?? false,
  }
}

function read<K extends keyof typeof values>(name: K, text: string | undefined) {
  if (text === undefined) return undefined
  const { success, data, error } = values[name].safeParse(name === 'inputs' ? text : number(text))
  if (!success) throw new InputError(`--${name}: '${text}' is not ${error.issues[0].message}`)
  return data as z.infer<(typeof values)[K]>
}

/** Decimal notation only: Number() takes '', '0x1f' and 'Infinity' as well. NaN for anything else. */
function number(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
}

function real(expected: string) {
  return z.number(expected)
}

function whole(min: number, max = 1_000_000_000) {
  const expected = min === 0 ? `a whole number from 0 to ${max}` : `a whole number >= ${min}`
  return z.int(expected).min(min, expected).max(max, `a whole number <= ${max}`)
}

/** 'epoch,layer' as two names. */
function namesIn(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').map((name) => name.trim())
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (names.includes('')) throw new InputError(`--by: '${text}' is not a list of columns, such as epoch,layer`)
  if (twice !== undefined) throw new InputError(`--by: '${twice}' is named twice in '${text}', expected once`)
  return names
}
