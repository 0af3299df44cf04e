// SHOWS  one kernel by itself, as those who script GPUs would use it: a million Gaussian numbers from a counter and a
//        seed, on the adapter and, the first 4096 of them, on the kernel's f64 reference, from the same random bits
// COST   a second or two: node --import tsx scripts/noise-kernel.ts
import { dispatch, kernels, openMachine, packSteps, ReferenceMachine, type Machine } from '../src/index.js'

const [rows, width, noise_std] = [2 ** 17, 8, 0.005]
const draw = { repeat: 1, source_first: 0, stream: 0, layer: 1, first_row: 0 }

/** The seed of the draw; what else a Step says is for training. */
const step = packSteps([{ seed: 2, noiseStep: 0, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }])

/** Names are the .wgsl's own: a parameter or binding that is missing or not known is an error that lists both. */
async function noise(machine: Machine, rows: number): Promise<Float32Array> {
  const buffers = { step: 'step', noisy: 'z' }
  const plan = [dispatch(kernels.noise, { rows, width, noise_std, ...draw }, buffers, { SOURCE: false })]
  machine.allocate({ step: { type: 'u32', length: step.length }, z: { type: 'f32', length: rows * width } })
  machine.write('step', step)
  await machine.prepare(plan)
  machine.run(plan)
  return (await machine.read('z')) as Float32Array
}

const machine = await openMachine()
console.log(machine.name)
const z = await noise(machine, rows)
const reference = await noise(new ReferenceMachine(), 4096 / width)
machine.destroy()

const mean = z.reduce((sum, value) => sum + value, 0) / z.length
const std = Math.sqrt(z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length)
const off = reference.reduce((most, value, i) => Math.max(most, Math.abs(value - z[i])), 0)
const chance = noise_std / Math.sqrt(2 * z.length)
console.log(`${z.length} numbers: mean ${mean.toExponential(2)}, standard deviation ${std.toFixed(6)}`)
console.log(`expected: mean 0 and ${noise_std}, give or take ${chance.toFixed(6)}`)
console.log(`largest difference from the f64 reference: ${(off / noise_std).toExponential(2)} standard deviations`)
