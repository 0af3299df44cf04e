/**
 * Which path training takes. Small dense networks train in a workgroup each, many steps in one dispatch (train-steps); any other
 * network trains alone, a step at a time, one dispatch a layer.
 */
import { trainConstants, trainSteps } from '../kernels/train-steps.js'
import { isDense, layerTable, onlyActivation, type NetworkSpec } from '../network/network.js'
import { parameterLayout } from '../network/parameters.js'
import { streams } from '../network/plans.js'
import { dispatch, type Machine, type Plan } from '../plan.js'
import { settled, type TrainingOptions } from './options.js'
import { movedBuffer, optimiserRates } from './step-plan.js'
import { shared, type TrainingSetup } from './setup.js'

export type TrainingPath = 'fused' | 'per-layer'

/** Parameters up to which a network trains in one workgroup. */
const fusedParameters = 1024

/** Rows of all networks' orders, and networks, that one dispatch of an epoch takes: some 200 ms of work at most. */
const fusedRows = { software: 2 ** 18, hardware: 2 ** 24 }

/** Which path a network trains on, and why. */
export function trainingPath(
  machine: Machine,
  { network }: { network: NetworkSpec },
): { path: TrainingPath; why: string } {
  const { count } = parameterLayout(network)
  if (showsKernels(machine)) return { path: 'per-layer', why: `kernels up to ${machine.from} are references` }
  if (!isDense(network)) return { path: 'per-layer', why: 'its layers are not all dense' }
  if (onlyActivation(network) === null) return { path: 'per-layer', why: 'its layers have several activations' }
  const fits = count <= fusedParameters
  const why = `${count} parameters ${fits ? 'fit' : 'do not fit'} a workgroup, which holds ${fusedParameters}`
  return { path: fits ? 'fused' : 'per-layer', why }
}

/** Whether training must be in commands of one kernel each: the fused path would hide the one that is looked for. */
function showsKernels({ from }: Machine): boolean {
  return from !== undefined && from !== trainSteps.name
}

/** How many networks train at once: as many as a dispatch takes on the fused path, else one. */
export function networksAtOnce(
  machine: Machine,
  setup: { network: NetworkSpec; training: Partial<TrainingOptions> & { trainCount: number } },
): number {
  if (trainingPath(machine, setup).path === 'per-layer') return 1
  const rows = machine.software ? fusedRows.software : fusedRows.hardware
  return Math.max(1, Math.floor(rows / setup.training.trainCount))
}

/** Epochs that one dispatch takes: one, and so many that it is still short. */
export function epochCounts({ software }: Machine, { seeds, training }: TrainingSetup): number[] {
  const most = Math.floor((software ? fusedRows.software : fusedRows.hardware) / 2)
  const several = Math.min(16, Math.floor(most / (seeds.length * training.trainCount)))
  return several > 1 ? [1, several] : [1]
}

/** So many epochs of training of all networks as a plan of one command. */
export function fusedEpochs(setup: TrainingSetup, epochs: number, { software }: Machine): Plan {
  const { network, training, seeds } = setup
  const table = layerTable(network)
  const layers = parameterLayout(network).layers.map(({ inputs, outputs, weightsAt, biasAt }, l) => {
    const linear = table[l].activation === 'linear'
    return { inputs, outputs, weights_at: weightsAt, bias_at: biasAt, linear, noise_std: table[l].noiseStd }
  })
  const { trainCount, batchSize } = training
  const steps = epochs * Math.ceil(trainCount / batchSize)
  const sizes = { networks: seeds.length, steps, order_length: epochs * trainCount, stream: streams.trainingNoise }
  const data = { order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const second = training.optimiser === 'sgd' ? {} : { second: 'train.second' }
  const state = { first: 'train.first', ...second, parameters: 'train.parameters' }
  const raw = training.weightNorm ? { raw: movedBuffer(training) } : {}
  const names = { schedule: 'train.schedule', ...data, ...state, ...raw }
  const { optimiser, loss, orthonormal, weightNorm } = settled(training)
  const choices = { optimiser, loss, orthonormal: orthonormal > 0, weightNorm, activation: onlyActivation(network)! }
  const constants = trainConstants(layers, { ...choices, gradientFloats: software ? 512 : 64 })
  return [
    dispatch(trainSteps, { ...sizes, ...optimiserRates(training), orthonormal_rate: orthonormal }, names, constants),
  ]
}
