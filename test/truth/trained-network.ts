/** The network of METHOD 5.2 on some of its inputs, trained for a while: clouds as a real run makes them. */
import { icosahedron } from '../../src/data/icosahedron.js'
import { split } from '../../src/data/split.js'
import type { DataSet } from '../../src/data/dataset.js'
import { openDevice } from '../../src/gpu/device.js'
import { Measurer } from '../../src/information/measurer.js'
import type { MeasurementOptions } from '../../src/information/options.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { shared } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'

const training = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
const widths = [10, 7, 5, 4, 3, 2]

/** A Measurer of the network after `epochs` steps, larger ones than the paper's, on `count` of the 4096 inputs. */
export async function trainedNetwork(count: number, epochs: number, noiseStd: number, options: MeasurementOptions) {
  const layers = widths.map((width, i) => ({ width, activation: i < 5 ? ('tanh' as const) : ('linear' as const) }))
  const setup = { data: someInputs(count), network: { inputWidth: 12, layers, noiseStd } }
  const machine = new GpuMachine(await openDevice())
  const trainer = await Trainer.create(machine, {
    ...setup,
    seeds: [1],
    training: { ...training, epochs, batchSize: count, trainCount: count },
  })
  for (let epoch = 0; epoch < epochs; epoch++) trainer.startEpochs(1)
  trainer.select(0)
  const measurer = await Measurer.create(machine, { seed: 1, ...setup, options, buffers: shared })
  return { measurer, close: () => machine.destroy() }
}

function someInputs(count: number): DataSet {
  const all = icosahedron()
  const chosen = split(all.count, count, 1).train
  const inputs = Float32Array.from(
    [...chosen].flatMap((x) => [...all.inputs.subarray(x * all.width, (x + 1) * all.width)]),
  )
  return { ...all, count, inputs, labels: chosen.map((x) => all.labels[x]) }
}
