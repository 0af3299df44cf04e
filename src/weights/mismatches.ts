/** What does not fit between a network and a file of weights, in words. */
import { shown } from '../samples/wording.js'
import type { Tensor } from '../tables/rows.js'
import type { NotWeights } from '../tables/safetensors.js'
import { sameShape, sides, type LayerNeed } from './layers.js'
import { fits, type Match } from './match.js'
import type { Module } from './modules.js'

/** Of names in a line. */
const mostShown = 20

/** Null where the module is what the layer needs. */
export function mismatch(need: LayerNeed, module: Module | null): string | null {
  if (module !== null && fits(need, module)) return null
  const { layer, type, shape, outputs } = need
  const needs = `layer ${layer} (${type}) needs a weight ${sides(shape)} and a bias ${sides([outputs])}`
  if (module === null) return `${needs}, and nothing is left for it`
  return `${needs}, found ${namedWithShape(module)}${hint(need, module.weight.shape)}`
}

function namedWithShape({ weight, bias }: Module): string {
  return [weight, ...(bias ? [bias] : [])].map(described).join(' and ')
}

const described = ({ name, shape }: Tensor) => `${shown(name)} ${sides(shape)}`

/** The same sides in another order are Keras' or JAX's; too few of them in a convolution are groups. */
function hint({ shape }: LayerNeed, found: readonly number[]): string {
  const ordered = (sides: readonly number[]) => [...sides].sort((a, b) => a - b)
  const order = shape.length === 4 ? '(out, in, height, width)' : '(out, in)'
  if (sameShape(shape, found)) return ''
  if (sameShape(ordered(shape), ordered(found)))
    return ` (its sides in another order, as Keras and JAX keep them: save it transposed, as PyTorch's ${order})`
  if (shape.length === 4 && found.length === 4 && shape[1] > found[1] && shape[1] % found[1] === 0)
    return ' (a convolution in groups, which infoflow lacks?)'
  return ''
}

/** Tensors that no layer takes: normalisations, which change what a network computes, and the rest. */
export function extraTensors(extra: readonly Tensor[]): { normalisations: string | null; others: string | null } {
  const of = (name: string) => name.replace(/(^|\.)[^.]*$/s, '')
  const batch = new Set(extra.filter(({ name }) => /(^|\.)running_(mean|var)$/.test(name)).map(({ name }) => of(name)))
  const other = extra.filter(
    ({ name, shape }) => !batch.has(of(name)) && /(^|\.)weight$/.test(name) && shape.length === 1,
  )
  const layers = new Set(other.map(({ name }) => of(name)))
  const names = [
    ...[...batch].map((name) => `${shown(name)} (BatchNorm, or another with running_mean)`),
    ...[...layers].map((name) => `${shown(name)} (LayerNorm, or another with a weight of one dimension)`),
  ]
  const rest = extra.filter(({ name }) => !batch.has(of(name)) && !layers.has(of(name)))
  return {
    normalisations:
      names.length === 0 ? null : `${some(names)}: layers that infoflow lacks; fold them or train without`,
    others: rest.length === 0 ? null : some(rest.map(described)),
  }
}

/** Parameters that are no real numbers, which would pass for missing ones. */
export function wholeNumbers(tensors: readonly NotWeights[]): string | null {
  if (tensors.length === 0) return null
  const found = some(tensors.map(({ name, dtype, shape }) => `${shown(name)} ${sides(shape)} of ${dtype}`))
  return `${found}: expected real numbers (F32, F64, F16 or BF16), not quantised ones; convert them with .float()`
}

const some = (names: string[]) =>
  names.length > mostShown
    ? `${names.slice(0, mostShown).join(', ')} and ${names.length - mostShown} more`
    : names.join(', ')

/** What to ask where several modules fit several layers. */
export function ambiguity({ ambiguous, modules }: Extract<Match, { ambiguous: unknown }>): string {
  const layers = some(ambiguous.map(({ layer, shape }) => `${layer} ${sides(shape)}`))
  const names = some(modules.map(({ prefix }) => shown(prefix)))
  const lines = ambiguous.slice(0, 3).map(({ layer }) => `--map ${layer}=PREFIX`)
  const asked = `the file is sorted by name: say which is which with ${lines.join(' ')}`
  return `layers ${layers} could be ${names} in several ways, and ${asked}`
}

/** The first NaN or infinity of a tensor, by its place; null where all are finite. */
export function notFinite({ name, shape, data }: Tensor): string | null {
  const at = data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return null
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0)
  return `${shown(name)}${sides(place(at, shape))} is ${data[at]}${count > 1 ? ` (and ${count - 1} more)` : ''}`
}

function place(at: number, shape: readonly number[]): number[] {
  const index: number[] = []
  for (const side of [...shape].reverse()) {
    index.unshift(at % side)
    at = Math.floor(at / side)
  }
  return index
}
