/**
 * The tensors of a PyTorch state_dict as modules: what has a weight and perhaps a bias, named PREFIX.weight and
 * PREFIX.bias. Wrappers that all names share (DataParallel, torch.compile, Lightning) are left out; weight
 * normalisation is folded.
 */
import type { Tensor } from '../tables/rows.js'

export interface Module {
  /** Without wrappers; empty for a state_dict of `weight` and `bias` alone. */
  prefix: string
  weight: Tensor
  bias: Tensor | null
  /** Of the file, those it is made of. */
  parts: Tensor[]
  /** Whether weight is g v / |v|. */
  folded: boolean
}

const wrappers = ['module.', '_orig_mod.', 'model.', 'state_dict.', 'net.']
const parameter = /^(?:(.*)\.)?(weight|bias|weight_g|weight_v|parametrizations\.weight\.original[01])$/s

/** What all names begin with that says nothing: `module._orig_mod.`; empty where there is none. */
export function wrapperOf(tensors: readonly Tensor[]): string {
  let wrapper = ''
  const common = (next: string) => tensors.every(({ name }) => name.startsWith(next, wrapper.length))
  for (let next: string | undefined; tensors.length > 0 && (next = wrappers.find(common));) wrapper += next
  return wrapper
}

/** Modules in the order in which they first appear; tensors that are no module's are left out. */
export function modulesOf(tensors: readonly Tensor[], wrapper: string): Module[] {
  const groups = new Map<string, Map<string, Tensor>>()
  for (const tensor of tensors) {
    const { prefix, role } = placeOf(tensor.name, wrapper)
    if (role === undefined) continue
    if (!groups.has(prefix)) groups.set(prefix, new Map())
    groups.get(prefix)!.set(role, tensor)
  }
  return [...groups].flatMap(([prefix, roles]) => moduleOf(prefix, roles) ?? [])
}

/** The module that a name says, and what of it the tensor is; no `role` where it is no parameter. */
export function placeOf(name: string, wrapper: string): { prefix: string; role?: string } {
  const [, prefix = '', role] = parameter.exec(name.slice(wrapper.length)) ?? []
  return { prefix, role }
}

function moduleOf(prefix: string, roles: Map<string, Tensor>): Module | null {
  const bias = roles.get('bias') ?? null
  const of = (weight: Tensor, ...parts: Tensor[]) => ({ prefix, weight, bias, parts: bias ? [...parts, bias] : parts })
  const plain = roles.get('weight')
  if (plain) return { ...of(plain, plain), folded: false }
  for (const [g, v] of [
    ['weight_g', 'weight_v'],
    ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
  ]) {
    const [gain, direction] = [roles.get(g), roles.get(v)]
    const weight = gain && direction && folded(gain, direction)
    if (weight) return { ...of(weight, gain, direction), folded: true }
  }
  return null
}

/** w = g v / |v|, a row of the output at a time (Salimans & Kingma 2016, equation 2); null if g is no number a row. */
function folded(gain: Tensor, direction: Tensor): Tensor | null {
  const rows = direction.shape[0]
  if (gain.data.length !== rows || gain.shape[0] !== rows) return null
  const width = direction.data.length / rows
  const data = new Float32Array(direction.data.length)
  for (let row = 0; row < rows; row++) {
    const v = direction.data.subarray(row * width, (row + 1) * width)
    const scale = gain.data[row] / Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))
    for (let i = 0; i < width; i++) data[row * width + i] = v[i] * scale
  }
  return { name: direction.name, shape: direction.shape, data }
}

/** Whether a file's order is the one in which the model has its modules: see order(). */
export interface Order {
  decides: boolean
  modules: Module[]
}

/**
 * The file's order counts where the model wrote it, each weight right before its bias: files sorted by name have
 * `fc.bias` before `fc.weight`. Without biases it counts where it is not sorted. Otherwise modules come in natural
 * order of their names.
 */
export function order(modules: readonly Module[], tensors: readonly Tensor[]): Order {
  const at = new Map(tensors.map((tensor, i) => [tensor, i]))
  const pairs = modules.filter(({ bias, folded }) => bias && !folded)
  const behind = pairs.every(({ weight, bias }) => at.get(bias!) === at.get(weight)! + 1)
  const sorted = modules.every(({ parts }, i) => i === 0 || modules[i - 1].parts[0].name < parts[0].name)
  const decides = pairs.length > 0 ? behind : !sorted
  return { decides, modules: decides ? [...modules] : [...modules].sort((a, b) => natural(a.prefix, b.prefix)) }
}

/** layers.2 before layers.10: runs of digits compare as numbers. */
export function natural(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/(\d+)/))
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]]
    const difference = i % 2 === 1 ? Number(x) - Number(y) || 0 : 0
    if (difference !== 0) return difference
    if (x !== y) return x < y ? -1 : 1
  }
  return left.length - right.length
}

/** What names that differ in their numbers alone have in common. */
export const skeleton = (prefix: string) => prefix.replace(/\d+/g, '#')
