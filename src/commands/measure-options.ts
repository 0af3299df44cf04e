/** The options of `infoflow measure`: those of a run that make sense without a training, and those about weights. */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import { declared, type Typed } from './run-options.js'

const weights = 'What is measured:'

const ofRun = [
  ...['quick', 'full', 'replicas', 'own-replicas', 'batches', 'queries', 'compare'],
  ...['seeds', 'data', 'set', 'adapter', 'out', 'resume', 'force', 'save-replicas'],
]

export const measureOptions: Record<string, Options> = {
  weights: {
    type: 'string',
    array: true,
    group: weights,
    describe:
      "Files of weights, safetensors or ONNX, such as 'checkpoints/*.safetensors', or a folder; epochs are taken from metadata or names",
  },
  map: {
    type: 'string',
    array: true,
    group: weights,
    describe: 'LAYER=NAME where names do not say which layer a tensor is of, such as 1=fc1 or 1.weight=encoder.w',
  },
  'noise-std': {
    type: 'string',
    group: weights,
    describe:
      'Standard deviation of the noise to measure under, such as 0.1; several, such as 0.01,0.1,1, make a sweep',
  },
  ...Object.fromEntries(Object.entries(declared()).filter(([name]) => ofRun.includes(name))),
}

/** All values of an option that may be given several times. */
export function several(typed: Typed, name: string): string[] {
  return typed[name] === undefined ? [] : [typed[name]].flat().map(String)
}

/** In ascending order, each once; null where none is given. InputError: what is no number > 0, or 0 among several. */
export function noisesOf(typed: Typed): number[] | null {
  if (typed['noise-std'] === undefined) return null
  const texts = several(typed, 'noise-std').flatMap((text) => text.split(','))
  const values = texts.map((text) => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (Number.isFinite(value) && value >= 0 && !(value === 0 && texts.length > 1)) return value
    const expected = texts.length > 1 ? 'a number > 0' : 'a number >= 0'
    throw new InputError(`--noise-std: '${text.trim()}' is not ${expected}, in units of the activations, such as 0.1`)
  })
  return [...new Set(values)].sort((a, b) => a - b)
}
