/** jax-js (npm: @jax-js/jax) as a peer on the same adapter: what a library that writes WGSL for arrays makes of the same formula. */
import type * as jaxModule from '@jax-js/jax'
import { openAdapter } from '../gpu/adapter.js'
import { dozing } from '../machine/dozing.js'
import type { Machine } from '../plan.js'
import { spent, type Absent, type Rung } from './ladder.js'
import type { PairScene } from './scene.js'

type Jax = typeof jaxModule

const name = 'jax-js'
/** A quarter of a gigabyte for each of its arrays, or what the adapter lets a shader see at once. */
const mostBytes = 2 ** 28

/** log sum over c of exp(-scale |y - c|^2) by matmul, exp and sum, compiled; on a device of its own. */
export async function jaxPairs(
  machine: Machine,
  { count, dimension, scale, centers, queries }: PairScene,
  check: (result: ArrayLike<number>) => number,
): Promise<Rung | Absent> {
  let jax: Jax
  try {
    jax = await import('@jax-js/jax')
  } catch {
    return { name, reason: 'not installed (npm install @jax-js/jax)' }
  }
  const { adapter } = await openAdapter({ name: machine.name })
  const room = Math.min(mostBytes, adapter.limits.maxStorageBufferBindingSize)
  if (4 * count * count > room) {
    return { name, reason: `forms all ${count} x ${count} pairs at once, for which ${machine.name} has no room` }
  }
  if (!(await onAdapter(jax, adapter))) return { name, reason: `does not start on ${machine.name}` }
  const np = jax.numpy
  const logSums = jax.jit((y: Array, c: Array) => {
    const [ySquares, cSquares] = [np.sum(np.square(y.ref), 1, { keepdims: true }), np.sum(np.square(c.ref), 1)]
    const squares = ySquares.add(cSquares).sub(np.matmul(y, np.transpose(c)).mul(2))
    return np.log(np.sum(np.exp(squares.mul(-scale)), 1))
  })
  const matrix = (values: Float32Array) => np.array(values.slice()).reshape([count, dimension])
  const [y, c] = [matrix(queries), matrix(centers)]
  const run = () => dozing(logSums(y.ref, c.ref).data())
  return {
    name,
    kind: 'peer',
    how: 'matmul, exp and sum, compiled by jax-js on the same adapter, result read back',
    check: async () => check((await run()) as Float32Array),
    pass: (times) =>
      spent(async () => {
        for (let i = 0; i < times; i++) await run()
      }),
  }
}

type Array = ReturnType<Jax['numpy']['array']>

/** jax-js asks `navigator` for an adapter, once, and later what browser it is in: it finds one adapter there, opened for it. */
async function onAdapter(jax: Jax, adapter: GPUAdapter): Promise<boolean> {
  const gpu = { requestAdapter: async () => adapter }
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  if (!(await jax.init('webgpu')).includes('webgpu')) return false
  jax.defaultDevice('webgpu')
  return true
}
