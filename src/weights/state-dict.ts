/**
 * Anybody's named tensors as the parameters of a network: which tensor is whose is guessed from names, order and shapes
 * (match.ts), or said (map.ts). Nothing is transposed, cut or left out in silence: what does not fit is listed, all of
 * it, in one line.
 */
import { InputError } from '../errors.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import { shown } from '../samples/wording.js'
import type { Tensor } from '../tables/rows.js'
import type { NotWeights } from '../tables/safetensors.js'
import { layerNeeds, sides, type LayerNeed } from './layers.js'
import { readMap } from './map.js'
import { match } from './match.js'
import { ambiguity, extraTensors, mismatch, notFinite, wholeNumbers } from './mismatches.js'
import { modulesOf, placeOf, wrapperOf, type Module } from './modules.js'

export interface StateDictOptions {
  /** Lines such as `1=fc1` or `1.weight=encoder.w`, layers counted from 1. */
  map?: readonly string[]
  /** Of the file, in front of errors. */
  name: string
  /** Its tensors of whole numbers. */
  notWeights?: readonly NotWeights[]
}

export interface StateDictParameters {
  /** In the order of parameterLayout. */
  parameters: Float32Array
  /** The tensors of each layer that has parameters, by their names in the file; null where there is no bias. */
  matched: { layer: number; weight: string; bias: string | null }[]
  /** What a person should know, in words; empty where all was plain. */
  notes: string[]
}

/** A layer and the module it takes; null where none is left. */
type Pair = [need: LayerNeed, module: Module | null]

/**
 * Weights are (out, in) or (out, in, kernel, kernel), a missing bias is zeros, weight normalisation is folded.
 * @throws InputError one line: everything that is missing, left over, of another shape or of whole numbers, layers that could be
 *   several modules, NaN or infinity with its place, a mistake in `map`
 */
export function stateDictParameters(
  network: NetworkSpec,
  tensors: readonly Tensor[],
  { map = [], name, notWeights = [] }: StateDictOptions,
): StateDictParameters {
  const needs = layerNeeds(network)
  const wrapper = wrapperOf(tensors)
  const modules = modulesOf(tensors, wrapper)
  const layers = { types: layerTable(network).map(({ type }) => type), weighted: needs.map(({ layer }) => layer) }
  const mapped = readMap(map, layers, { file: name, tensors, modules, wrapper })
  const { pairs, notes } = paired(needs, mapped, modules, tensors, name)
  const allSaid = mapped.size === needs.length
  const taken = allSaid ? new Set(pairs.map(([, module]) => module?.prefix)) : null
  const whole = wholeNumbers(notWeights.filter((one) => isOf(placeOf(one.name, wrapper), taken)))
  const { chosen, unused } = checked(pairs, tensors, { allSaid, whole }, name)
  checkFinite(chosen, name)
  return {
    parameters: parametersOf(chosen),
    matched: chosen.map(([{ layer }, { weight, bias }]) => ({ layer, weight: weight.name, bias: bias?.name ?? null })),
    notes: [...notes, ...chosen.flatMap(notesOn), ...sharedNotes(chosen), ...unused],
  }
}

/** Whether a tensor is a parameter, of one of the modules where they are given. */
const isOf = ({ prefix, role }: { prefix: string; role?: string }, modules: Set<string | undefined> | null) =>
  role !== undefined && (modules?.has(prefix) ?? true)

/** What was said, and a guess for the other layers. */
function paired(
  needs: LayerNeed[],
  mapped: Map<number, Module>,
  modules: Module[],
  tensors: readonly Tensor[],
  name: string,
): { pairs: Pair[]; notes: string[] } {
  const taken = new Set([...mapped.values()].flatMap(({ parts }) => parts))
  const free = modules.filter(({ parts, weight }) => weight.shape.length > 1 && !parts.some((part) => taken.has(part)))
  const rest = needs.filter(({ layer }) => !mapped.has(layer))
  const found = rest.length === 0 ? { modules: [] } : match(rest, free, tensors)
  if ('ambiguous' in found) {
    const parts = new Set([...taken, ...free.flatMap((module) => module.parts)])
    const { normalisations } = extraTensors(tensors.filter((tensor) => !parts.has(tensor)))
    const problems = [ambiguity(found), normalisations].filter((problem) => problem !== null)
    throw new InputError(`${shown(name, 400)}: ${problems.join('; ')}`)
  }
  const guessed = new Map(rest.map(({ layer }, i) => [layer, 'modules' in found ? found.modules[i] : found.misfits[i]]))
  const pairs = needs.map((need): Pair => [need, mapped.get(need.layer) ?? guessed.get(need.layer) ?? null])
  return { pairs, notes: 'how' in found ? ["layers were told apart by shapes: the file's order does not fit"] : [] }
}

/** All pairs, once everything fits; where a person has named every layer, tensors left over are a note. */
function checked(
  pairs: Pair[],
  tensors: readonly Tensor[],
  { allSaid, whole }: { allSaid: boolean; whole: string | null },
  name: string,
) {
  const used = new Set(pairs.flatMap(([, module]) => module?.parts ?? []))
  const { normalisations, others } = extraTensors(tensors.filter((tensor) => !used.has(tensor)))
  const problems = [
    ...pairs.map(([need, module]) => mismatch(need, module)),
    others === null || allSaid ? null : `no layer takes ${others}`,
    whole,
    normalisations,
  ].filter((problem) => problem !== null)
  const remedy = 'change network.layers, or say which tensors are whose with --map LAYER=PREFIX'
  if (problems.length > 0)
    throw new InputError(`${shown(name, 400)} does not fit the network: ${problems.join('; ')}: ${remedy}`)
  return { chosen: pairs as [LayerNeed, Module][], unused: others === null ? [] : [`not used: ${others}`] }
}

/** The tensors of the file first; what becomes of them in folding (0 / 0) where they are sound. */
function checkFinite(chosen: [LayerNeed, Module][], name: string): void {
  const found = chosen.flatMap(([, { parts, weight }]) => {
    const bad = parts.map(notFinite).filter((one) => one !== null)
    return bad.length > 0 ? bad : (notFinite(weight) ?? [])
  })
  if (found.length === 0) return
  const remedy = 'take a checkpoint from before training diverged'
  throw new InputError(`${shown(name, 400)}: ${found.join('; ')}: expected finite weights; ${remedy}`)
}

function parametersOf(chosen: [LayerNeed, Module][]): Float32Array {
  const parameters = new Float32Array(chosen.reduce((end, [{ biasAt, outputs }]) => Math.max(end, biasAt + outputs), 0))
  for (const [{ weightsAt, biasAt }, { weight, bias }] of chosen) {
    parameters.set(weight.data, weightsAt)
    if (bias) parameters.set(bias.data, biasAt)
  }
  return parameters
}

function notesOn([{ layer }, { weight, bias, folded }]: [LayerNeed, Module]): string[] {
  const named = `layer ${layer} (${shown(weight.name)})`
  const isKernel =
    /(^|[./])kernel$/.test(weight.name) && weight.shape.length === 2 && weight.shape[0] === weight.shape[1]
  return [
    ...(bias === null ? [`${named} has no bias: zeros`] : []),
    ...(folded ? [`${named}: weight normalisation is folded into its weights`] : []),
    ...(isKernel ? [`${named}: ${sides(weight.shape)} is read as (out, in); Keras and JAX keep (in, out)`] : []),
  ]
}

/** Weights that two layers share stand in a file once, and must be named for both. */
function sharedNotes(chosen: [LayerNeed, Module][]): string[] {
  return chosen.flatMap(([{ layer }, { weight }], i) => {
    const first = chosen.findIndex(([, other]) => other.weight === weight)
    return first === i ? [] : [`layers ${chosen[first][0].layer} and ${layer} share ${shown(weight.name)}`]
  })
}
