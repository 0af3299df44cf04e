/** Measures networks whose weights a test chooses, on the best adapter of the machine. */
import { openDevice } from '../../src/gpu/device.js'
import type { DataSet } from '../../src/data/dataset.js'
import type { MeasurementOptions } from '../../src/information/options.js'
import { Measurer } from '../../src/information/measurer.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import type { NetworkSpec } from '../../src/network/network.js'
import type { Machine } from '../../src/plan.js'

export interface FixedNetwork {
  seed?: number
  data: DataSet
  network: NetworkSpec
  /** Weights (outputs x inputs) and then bias of every layer, one after the other. */
  parameters: ArrayLike<number>
  options: MeasurementOptions
}

/** A Measurer on a machine of its own, whose 'inputs' and 'parameters' may be rewritten; `close` gives the device back. */
export async function measurerOf(fixed: FixedNetwork) {
  const machine: Machine = new GpuMachine(await openDevice())
  return { machine, measurer: await measurerOn(machine, fixed), close: () => machine.destroy() }
}

/** A Measurer on a machine that has no buffers yet. */
export async function measurerOn(machine: Machine, fixed: FixedNetwork): Promise<Measurer> {
  const { seed = 1, data, network, parameters, options } = fixed
  const buffers = { inputs: 'inputs', labels: 'labels', parameters: 'parameters' }
  machine.allocate({
    inputs: { type: 'f32', length: data.inputs.length },
    labels: { type: 'u32', length: data.labels.length },
    parameters: { type: 'f32', length: parameters.length },
  })
  machine.write('inputs', data.inputs)
  machine.write('labels', data.labels)
  machine.write('parameters', Float32Array.from(parameters))
  return Measurer.create(machine, { seed, data, network, options, buffers })
}

/** Equally likely inputs, one row each. */
export function dataOf(rows: readonly (readonly number[])[], labels = rows.map((_, i) => i % 2)): DataSet {
  const inputs = Float32Array.from(rows.flat())
  const classes = Math.max(...labels) + 1
  const size = { count: rows.length, width: rows[0].length, classes }
  return { name: 'test', ...size, enumerated: true, inputs, labels: Uint32Array.from(labels) }
}

/** The corners of {-1, 1}^dimension. */
export function cube(dimension: number): number[][] {
  const corners = Array.from({ length: 2 ** dimension }, (_, i) => i)
  return corners.map((i) => Array.from({ length: dimension }, (_, k) => 2 * ((i >> k) & 1) - 1))
}
