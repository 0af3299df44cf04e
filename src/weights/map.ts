/** What a person says of names where guesses fail: `1=fc1` (layer 1 is fc1.weight, fc1.bias), `1.weight=encoder.w`. */
import { InputError, nearest } from '../errors.js'
import { listed, shown } from '../samples/wording.js'
import type { Tensor } from '../tables/rows.js'
import type { Module } from './modules.js'

/** What of the file a line may name. */
export interface Names {
  /** Of the file, for errors. */
  file: string
  tensors: readonly Tensor[]
  modules: readonly Module[]
  /** That all names begin with, and lines may leave out. */
  wrapper: string
}

/** Types of all layers of a network, from layer 1 on; `weighted` are those with parameters. */
export interface LayerKinds {
  types: readonly string[]
  weighted: readonly number[]
}

interface Said {
  module?: string
  weight?: string
  bias?: string
}

/**
 * The module of each layer named in `lines`, by its number from 1.
 * @throws InputError with the line: no such form, layer or name (and the nearest), one thing said twice
 */
export function readMap(lines: readonly string[], layers: LayerKinds, names: Names): Map<number, Module> {
  const said = new Map<number, Said>()
  for (const line of lines) {
    const [, number, part = 'module', name] = /^\s*(\d+)(?:\.(weight|bias))?\s*=\s*(.*\S)\s*$/s.exec(line) ?? []
    if (name === undefined) throw misformed(line)
    const layer = Number(number)
    if (!layers.weighted.includes(layer)) throw noSuchLayer(line, layer, layers)
    const before = said.get(layer) ?? {}
    if (part in before)
      throw wrong(line, `${number}${part === 'module' ? '' : `.${part}`} is named twice; name it once`)
    said.set(layer, { ...before, [part]: name })
  }
  return new Map([...said].map(([layer, one]) => [layer, moduleSaid(layer, one, names)]))
}

function moduleSaid(layer: number, { module: prefix, weight: w, bias: b }: Said, names: Names): Module {
  const whole = prefix === undefined ? null : moduleNamed(`${layer}=${prefix}`, prefix, names)
  const weight = w === undefined ? whole?.weight : tensorNamed(`${layer}.weight=${w}`, w, names)
  if (!weight) throw wrong(`${layer}.bias=${b}`, `no weight of layer ${layer} is named; add ${layer}.weight=NAME`)
  const own = whole ?? names.modules.find((module) => module.weight === weight)
  const bias = b === undefined ? (own?.bias ?? null) : tensorNamed(`${layer}.bias=${b}`, b, names)
  const base = own?.weight === weight ? own.parts.filter((part) => part !== own.bias) : [weight]
  const folded = own?.weight === weight && own.folded
  return { prefix: own?.prefix ?? weight.name, weight, bias, parts: bias ? [...base, bias] : base, folded }
}

function moduleNamed(line: string, name: string, names: Names): Module {
  const { wrapper } = names
  const whole = (prefix: string) => (wrapper + prefix).replace(/\.$/, '')
  const found = names.modules.find(({ prefix }) => name === prefix || name === whole(prefix))
  if (found) return found
  if (names.tensors.some((tensor) => isNamed(tensor, name, names)))
    throw wrong(line, `a tensor and no module; write ${line.replace('=', '.weight=')}`)
  throw unknown(
    line,
    'module',
    name,
    names,
    names.modules.map(({ prefix }) => prefix),
  )
}

function tensorNamed(line: string, name: string, names: Names): Tensor {
  const found = names.tensors.find((tensor) => isNamed(tensor, name, names))
  if (found) return found
  throw unknown(
    line,
    'tensor',
    name,
    names,
    names.tensors.map((tensor) => tensor.name),
  )
}

const isNamed = (tensor: Tensor, name: string, { wrapper }: Names) =>
  tensor.name === name || tensor.name === wrapper + name

function misformed(line: string): InputError {
  const [, name, layer] = /^\s*(\S+)\s*=\s*(\d+)\s*$/.exec(line) ?? []
  const swapped = layer === undefined ? '' : `did you mean ${layer}=${shown(name)}? `
  return wrong(line, `${swapped}expected LAYER=PREFIX or LAYER.weight=NAME, such as 1=fc1 or 1.weight=encoder.w`)
}

function noSuchLayer(line: string, layer: number, { types, weighted }: LayerKinds): InputError {
  if (types[layer - 1])
    return wrong(line, `layer ${layer} (${types[layer - 1]}) has no weights; ${whichHave(weighted)}`)
  const near = [...weighted].sort((a, b) => Math.abs(a - layer) - Math.abs(b - layer))[0]
  const guess = near === undefined ? '' : `did you mean ${near}? `
  return wrong(line, `there is no layer ${layer}: ${guess}layers count from 1; ${whichHave(weighted)}`)
}

const whichHave = (weighted: readonly number[]) => `those with weights are ${weighted.join(', ')}`

/** Names much longer than what was typed are not near it, and would take long to compare. */
function unknown(line: string, what: string, name: string, { file }: Names, known: readonly string[]): InputError {
  const near = nearest(
    name,
    known.filter((one) => one.length < 2 * name.length + 4),
  )
  const guess = near === null ? '' : `did you mean '${shown(near)}'? `
  return wrong(line, `${shown(file, 400)} has no ${what} '${shown(name)}': ${guess}it has ${listed(known)}`)
}

const wrong = (line: string, what: string) => new InputError(`--map ${shown(line.trim())}: ${what}`)
