/**
 * Which module is which layer. In this order, the first that says exactly one thing: our own names; the file's order,
 * where it is the model's; shapes, names that differ in their numbers alone in the order of those; shapes alone.
 * What fits in several ways is asked for, what fits in none is listed.
 */
import type { Tensor } from '../tables/rows.js'
import { sameShape, type LayerNeed } from './layers.js'
import { natural, order, skeleton, type Module } from './modules.js'

/** `how` says why, where names or the file's order did not. */
export type Match =
  | { modules: Module[]; how?: 'shapes' }
  | { ambiguous: LayerNeed[]; modules: Module[] }
  /** The best that could be found: null where nothing is left. */
  | { misfits: (Module | null)[]; left: Module[] }

/** A module for each of `needs`, out of `modules`, which stand in the file's order; `tensors` are the file's. */
export function match(needs: readonly LayerNeed[], modules: readonly Module[], tensors: readonly Tensor[]): Match {
  const inOrder = order(modules, tensors)
  const [wanted, found] = [needs.map(({ shape }) => String(shape)), modules.map(kind)]
  if (!sameKinds(wanted, found)) return misfits(needs, inOrder.modules)
  const candidates = [byOwnNames(needs, modules), inOrder.decides ? inOrder.modules : null]
  const sure = candidates.find((some) => some?.every((module, i) => fits(needs[i], module)))
  if (sure) return { modules: sure }
  const byNumbers = assignments(needs, chains(modules))
  if (byNumbers.length === 1) return { modules: byNumbers[0], ...(inOrder.decides ? { how: 'shapes' as const } : {}) }
  if (byNumbers.length === 0 && new Set(wanted).size === wanted.length)
    return { modules: needs.map((need) => modules.find((module) => fits(need, module))!), how: 'shapes' }
  const several = needs.filter(({ shape }) => wanted.filter((one) => one === String(shape)).length > 1)
  return { ambiguous: several, modules: modules.filter((module) => several.some((need) => fits(need, module))) }
}

export const fits = ({ shape, outputs }: LayerNeed, { weight, bias }: Module) =>
  sameShape(weight.shape, shape) && (bias === null || sameShape(bias.shape, [outputs]))

/** Modules of one kind fit the same layers. */
function kind({ weight, bias }: Module): string {
  return bias === null || sameShape(bias.shape, weight.shape.slice(0, 1)) ? String(weight.shape) : 'none'
}

const sameKinds = (a: string[], b: string[]) =>
  sameShape([a.length], [b.length]) && String(a.toSorted()) === String(b.toSorted())

function byOwnNames(needs: readonly LayerNeed[], modules: readonly Module[]): Module[] | null {
  const found = needs.map(({ prefix }) => modules.find((module) => module.prefix === prefix))
  return found.every((module) => module !== undefined) ? found : null
}

/** Modules whose names differ in their numbers alone, by those. */
function chains(modules: readonly Module[]): Module[][] {
  const groups = new Map<string, Module[]>()
  for (const module of modules) {
    const name = skeleton(module.prefix)
    groups.set(name, [...(groups.get(name) ?? []), module])
  }
  return [...groups.values()].map((chain) => chain.sort((a, b) => natural(a.prefix, b.prefix)))
}

/** A search that takes longer counts as one that found several. */
const mostSteps = 100_000

/** Ways, two at most, to take for each layer the next module of one of the chains. */
function assignments(needs: readonly LayerNeed[], chains: Module[][]): Module[][] {
  const found: Module[][] = []
  const taken = chains.map(() => 0)
  const chosen: Module[] = []
  let steps = 0
  const search = (): void => {
    if (chosen.length === needs.length) found.push([...chosen])
    else chains.forEach((chain, i) => take(chain[taken[i]], i))
  }
  const take = (module: Module | undefined, i: number): void => {
    if (found.length > 1 || ++steps > mostSteps || !module || !fits(needs[chosen.length], module)) return
    chosen.push(module)
    taken[i]++
    search()
    chosen.pop()
    taken[i]--
  }
  search()
  return steps > mostSteps ? [[], []] : found
}

/** Layers take, in order, what fits; those without take what is left, of as many dimensions first. */
function misfits(needs: readonly LayerNeed[], modules: readonly Module[]): Match {
  const left = new Set(modules)
  const take = (accepts: (module: Module) => boolean) => {
    const found = [...left].find(accepts)
    if (found) left.delete(found)
    return found ?? null
  }
  const fitting = needs.map((need) => take((module) => fits(need, module)))
  const alike = needs.map((need, i) => fitting[i] ?? take(({ weight }) => weight.shape.length === need.shape.length))
  return { misfits: needs.map((_, i) => alike[i] ?? take(() => true)), left: [...left] }
}
