/**
 * A kernel is three files of one stem: shaders/<stem>.wgsl, this host half, and test/kernels/<stem>.test.ts.
 * The host half says how many workgroups to start, how much work that is, and what the result must be.
 */
export type Numbers = Float32Array | Float64Array | Uint32Array
export type Buffers<Name extends string> = Record<Name, Numbers>
export type Constants = Record<string, number | string | boolean>
export type Workgroups = [number, number?, number?]

export interface Work {
  /** Additions and multiplications, those of whole numbers that make random bits among them. */
  flops: number
  /** Exponentials, logarithms and other transcendental functions. */
  exps: number
  /** Bytes read and written, each array once, but for centers, which every block reads. */
  bytes: number
  /** Gaussian kernels between a query and a center, of the kernels that sum them. */
  pairs?: number
}

/** What the lists hold that the host wrote for a dispatch: known to nobody before it runs. */
export interface Listed {
  /** Over all blocks. */
  centers: number
  nodes: number
}

export interface Kernel<P extends string = string, B extends string = string> {
  /** The stem. */
  name: string
  /** Buffers that the kernel writes; the rest are read only. */
  writes: readonly B[]
  /** Invocations of a workgroup, where 64 is not best; 'simd': as many as the adapter computes at a time. */
  workgroup?: { software: number | 'simd'; hardware: number }
  /** Workgroups of `workgroup` invocations; see `spread` for the linear ones. */
  workgroups(params: Record<P, number>, workgroup: number, constants: Constants): Workgroups
  /** `listed`: of a dispatch that reads lists. */
  work(params: Record<P, number>, constants: Constants, listed?: Listed): Work
  /** The same result by the plainest method, in f64; writes into `buffers`. */
  reference(params: Record<P, number>, buffers: Buffers<B>, constants: Constants): void
}

/** One tile of 64 centers and one node a block: what is counted where nobody tells. */
export const listedByDefault = (blocks: number): Listed => ({ centers: 64 * blocks, nodes: blocks })

/** Floating-point operations and transcendental functions of all parts, each `times` over; bytes are not theirs to say. */
export function operations(parts: readonly Work[], times = 1): Pick<Work, 'flops' | 'exps'> {
  const sum = (of: 'flops' | 'exps') => parts.reduce((total, part) => total + times * part[of], 0)
  return { flops: sum('flops'), exps: sum('exps') }
}

const maxWorkgroups = 65_535

/** Workgroups for `invocations` in a line, folded into two dimensions past 65,535; shaders/shared/index.wgsl unfolds. */
export function spread(invocations: number, workgroup: number): Workgroups {
  const groups = Math.max(1, Math.ceil(invocations / workgroup))
  if (groups <= maxWorkgroups) return [groups]
  const rows = Math.ceil(groups / maxWorkgroups)
  return [Math.ceil(groups / rows), rows]
}
