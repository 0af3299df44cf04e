/** Inputs that the network has never seen, and what a layer makes of them: S_l, with the noise of all layers below. */
import { spiral } from '../data/spiral.js'
import { packSteps, stepWords } from '../kernels/step.js'
import type { NetworkSpec } from '../network/network.js'
import { forwardBuffers, layerCommands, noiseCommands, streams, type Pass } from '../network/plans.js'
import type { Machine } from '../plan.js'
import { draws } from '../validation/draws.js'

/** `count` independent points of the spiral, count x 2, each of a class drawn at random; the same for the same seed. */
export function freshSpiral(count: number, seed: number): Float32Array {
  const { inputs, classes } = spiral({ perClass: count, seed })
  const random = draws(seed)
  const drawn = new Float32Array(2 * count)
  for (let i = 0; i < count; i++) {
    const from = 2 * (classes * i + Math.floor(classes * random.uniform()))
    drawn.set(inputs.subarray(from, from + 2), 2 * i)
  }
  return drawn
}

export interface Trained {
  network: NetworkSpec
  /** Laid out as parameterLayout says. */
  parameters: Float32Array
}

const [step, input, held] = ['fresh.step', 'fresh.inputs', 'fresh.parameters']

/**
 * S_l before the layer's own noise, count x width, row-major: for each of the inputs one run of the noise below. The same for the same
 * seed (0 to 2^53 - 1). `layer` is one that computes something. Its buffers are freed again.
 */
export async function freshSamples(
  machine: Machine,
  { network, parameters }: Trained,
  layer: number,
  inputs: Float32Array,
  seed: number,
): Promise<Float32Array> {
  const rows = inputs.length / network.inputWidth
  const draw = { stream: streams.replicaNoise, step, dropout: false }
  const pass: Pass = { network, prefix: 'fresh', rows, input, parameters: held, draw }
  const buffers = {
    ...forwardBuffers(pass, 1, layer),
    [step]: { type: 'u32' as const, length: stepWords },
    [input]: { type: 'f32' as const, length: inputs.length },
    [held]: { type: 'f32' as const, length: parameters.length },
  }
  const plan = Array.from({ length: layer }, (_, i) => [
    ...layerCommands(pass, i + 1),
    ...(i + 1 < layer ? noiseCommands(pass, i + 1) : []),
  ]).flat()
  machine.allocate(buffers)
  try {
    machine.write(step, packSteps([{ seed, noiseStep: 0, batchStart: 0, rows, stepSize: 0, correction: 0 }]))
    machine.write(input, inputs)
    machine.write(held, parameters)
    await machine.prepare(plan)
    machine.run(plan)
    return (await machine.read(`fresh.s${layer}`)) as Float32Array
  } finally {
    machine.release(Object.keys(buffers))
  }
}
