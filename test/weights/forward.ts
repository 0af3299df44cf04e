/** The logits of a network without noise, by the f64 references. */
import { ReferenceMachine } from '../../src/machine/reference.js'
import { forwardBuffers, forwardCommands, outputOf, type Pass } from '../../src/network/plans.js'
import type { OnnxModel } from '../../src/weights/onnx.js'

type Network = Pick<OnnxModel, 'inputShape' | 'inputWidth' | 'layers' | 'parameters'>

/** @param inputs rows x inputWidth */
export async function logitsOf({ parameters, ...shape }: Network, inputs: ArrayLike<number>): Promise<Float32Array> {
  const machine = new ReferenceMachine()
  const network = { ...shape, noiseStd: 0 }
  const rows = inputs.length / shape.inputWidth
  const pass: Pass = { network, prefix: 'f', rows, input: 'inputs', parameters: 'parameters', draw: null }
  machine.allocate({
    inputs: { type: 'f32', length: inputs.length },
    parameters: { type: 'f32', length: parameters.length },
    ...forwardBuffers(pass, 1, network.layers.length),
  })
  machine.write('inputs', Float32Array.from(inputs))
  machine.write('parameters', parameters)
  const plan = forwardCommands(pass)
  await machine.prepare(plan)
  machine.run(plan)
  return (await machine.read(outputOf(pass, network.layers.length))) as Float32Array
}
