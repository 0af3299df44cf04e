/** Layers forward: each kernel's naive version beside the one in use, and PyTorch. */
import { conv2dForwardNaive, conv2dForwardNaiveConstants } from '../kernels/conv2d-forward-naive.js'
import { conv2dForward, conv2dForwardConstants } from '../kernels/conv2d-forward.js'
import { convolvedPixels, type ConvShape } from '../kernels/conv2d.js'
import { denseForwardNaive } from '../kernels/dense-forward-naive.js'
import { denseConstants, denseForward } from '../kernels/dense-forward.js'
import type { Constants, Kernel } from '../kernels/kernel.js'
import { hardwareRoom } from '../kernels/tile.js'
import { dispatch, type Machine } from '../plan.js'
import { isAbsent, isRung, type Absent, passesOf, worstShare, type Ladder, type Rung } from './ladder.js'
import { closePeers, pythonPeer, type PeerTask } from './python.js'
import { normal, uniform } from './scene.js'

/** A layer of both kinds: arrays, and how many products are summed to an element. */
interface Layer {
  name: string
  title: string
  x: Float32Array
  weights: Float32Array
  bias: Float32Array
  results: number
  terms: number
  /** Of the f64 reference: writes u. */
  reference(buffers: { parameters: Float32Array; x: Float32Array; u: Float64Array }): void
  peer: Pick<PeerTask, 'task' | 'numbers'>
}

type Forward = Kernel<string, 'parameters' | 'x' | 'u'>
interface Version {
  kernel: Forward
  params: Record<string, number>
  constants?: Constants
  about: Pick<Rung, 'name' | 'how'>
}

/** u = x W' + b of so many rows. */
export async function denseLadder(machine: Machine, rows: number, inputs: number, outputs: number): Promise<Ladder> {
  const places = { weights_at: 0, bias_at: inputs * outputs }
  const shape = { inputs, outputs, ...places }
  const params = { rows, ...shape }
  const layer: Layer = {
    name: `dense ${inputs} to ${outputs}`,
    title: `a dense layer forward, ${inputs} to ${outputs}, ${rows} rows`,
    ...{ x: normal(rows * inputs, 1), weights: uniform(inputs * outputs, 2), bias: uniform(outputs, 3) },
    ...{ results: rows * outputs, terms: inputs + 2 },
    reference: (buffers) => denseForward.reference(params, buffers, {}),
    peer: { task: 'torch_dense', numbers: { inputs, outputs } },
  }
  const constants = denseConstants(shape)
  const how = constants.UNROLLED
    ? 'four rows a lane, weights at constant addresses'
    : 'tiles of 8 x 8 held in registers'
  return layerLadder(machine, layer, [
    { kernel: denseForwardNaive, params, about: { name: 'naive', how: 'an element an invocation' } },
    { kernel: denseForward, params, constants, about: { name: denseForward.name, how } },
  ])
}

/** u = x * W + b of so many rows. */
export async function convolutionLadder(machine: Machine, rows: number, shape: ConvShape): Promise<Ladder> {
  const { channels, height, width, filters, kernel, stride, padding } = shape
  const weights = uniform(filters * channels * kernel ** 2, 2)
  const params = { rows, ...shape, weights_at: 0, bias_at: weights.length }
  const layer: Layer = {
    name: `convolution ${channels} to ${filters}`,
    title: `a convolution forward, ${channels} x ${height} x ${width} to ${filters} filters of ${kernel} x ${kernel}, ${rows} rows`,
    ...{ x: normal(rows * channels * height * width, 1), weights, bias: uniform(filters, 3) },
    ...{ results: rows * filters * convolvedPixels(shape), terms: channels * kernel ** 2 + 2 },
    reference: (buffers) => conv2dForward.reference(params, buffers, {}),
    peer: { task: 'torch_convolution', numbers: { channels, height, width, filters, kernel, stride, padding } },
  }
  const constants = conv2dForwardConstants(shape, machine.software ? undefined : hardwareRoom)
  const [naive, tiles] = ['a pixel an invocation', 'a tile of pixels of four filters held in registers']
  return layerLadder(machine, layer, [
    {
      ...{ kernel: conv2dForwardNaive, params, constants: conv2dForwardNaiveConstants(shape) },
      about: { name: 'naive', how: naive },
    },
    { kernel: conv2dForward, params, constants, about: { name: conv2dForward.name, how: tiles } },
  ])
}

async function layerLadder(machine: Machine, layer: Layer, versions: Version[]): Promise<Ladder> {
  const { name, title, x, weights, bias, results, terms } = layer
  const parameters = Float32Array.from([...weights, ...bias])
  const f32 = (length: number) => ({ type: 'f32', length }) as const
  const buffers = { 'bench.parameters': f32(parameters.length), 'bench.x': f32(x.length), 'bench.u': f32(results) }
  machine.allocate(buffers)
  machine.write('bench.parameters', parameters)
  machine.write('bench.x', x)
  const judge = judgeOf(layer, parameters)
  const rungs: Rung[] = []
  for (const version of versions) rungs.push(await rungOf(machine, version, results, judge))
  const peers: (Rung | Absent)[] = [
    await pythonPeer(
      { ...layer.peer, threads: 2, device: machine.software ? 'cpu' : 'cuda', arrays: { x, weights, bias } },
      { name: 'PyTorch', how: 'its own layer, 2 threads', check: judge },
    ),
  ]
  return {
    ...{ name, title, reference: 'f64 reference of the kernel, every element' },
    work: { count: results * (terms - 2), unit: 'multiply-adds' },
    rungs: [...rungs, ...peers.filter(isRung)],
    absent: peers.filter(isAbsent),
    close: async () => {
      closePeers(peers)
      machine.release(Object.keys(buffers))
    },
  }
}

/** Off by at most `terms` roundings of the sum of absolute values. */
function judgeOf({ results, terms, x, reference }: Layer, parameters: Float32Array) {
  const [expected, sizes] = [new Float64Array(results), new Float64Array(results)]
  reference({ parameters, x, u: expected })
  reference({ parameters: parameters.map(Math.abs), x: x.map(Math.abs), u: sizes })
  return (found: ArrayLike<number>) => worstShare(found, expected, (i) => terms * 2 ** -24 * sizes[i])
}

async function rungOf(
  machine: Machine,
  { kernel, params, constants, about }: Version,
  results: number,
  judge: (found: ArrayLike<number>) => number,
): Promise<Rung> {
  const plan = [dispatch(kernel, params, { parameters: 'bench.parameters', x: 'bench.x', u: 'bench.u' }, constants)]
  await machine.prepare(plan)
  return {
    ...about,
    kind: 'kernel',
    check: async () => {
      machine.write('bench.u', new Float32Array(results).fill(NaN))
      machine.run(plan)
      return judge(await machine.read('bench.u'))
    },
    pass: passesOf(machine, plan),
  }
}
