/**
 * Which path training takes. Small dense networks train in a workgroup each, many steps in one dispatch (train-steps); any other
 * network trains alone, a step at a time, one dispatch a layer.
 */
import { trainConstants, trainSteps } from '../kernels/train-steps.js'
import { isDense, layerTable, onlyActivation, type NetworkSpec } from '../network/network.js'
import { parameterLayout } from '../network/parameters.js'
import { streams } from '../network/plans.js'
import { dispatch, type Machine, type Plan } from '../plan.js'
import type { TrainingOptions } from './options.js'
import { optimiserRates } from './step-plan.js'
import { shared, type TrainingSetup } from './setup.js'

export type TrainingPath = 'fused' | 'per-layer'

/** Parameters up to which a network trains in one workgroup. */
const fusedParameters = 1024

/** Rows of all networks' orders, and networks, that one dispatch of an epoch takes: some 200 ms of work at most. */
const fusedRows = { software: 2 ** 18, hardware: 2 ** 24 }

/** Which path a network trains on, and why. */
export function trainingPath(
  machine: Machine,
  { network, training }: { network: NetworkSpec; training?: Partial<TrainingOptions> },
): { path: TrainingPath; why: string } {
  const { count } = parameterLayout(network)
  const table = layerTable(network)
  if (showsKernels(machine)) return { path: 'per-layer', why: `kernels up to ${machine.from} are references` }
  if (!isDense(network)) return { path: 'per-layer', why: 'its layers are not all dense' }
  if (onlyActivation(network) === null) return { path: 'per-layer', why: 'its layers have several activations' }
  const other = notFused(training ?? {})
  if (other) return { path: 'per-layer', why: other }
  if (table.some(({ noiseStd }, l) => noiseStd !== (l < table.length - 1 ? network.noiseStd : 0)))
    return { path: 'per-layer', why: 'its layers have noises of their own' }
  const fits = count <= fusedParameters
  const why = `${count} parameters ${fits ? 'fit' : 'do not fit'} a workgroup, which holds ${fusedParameters}`
  return { path: fits ? 'fused' : 'per-layer', why }
}

/** What training has that the fused kernel does not do; '' where there is nothing. */
function notFused({
  optimiser = 'adam',
  loss = 'cross-entropy',
  orthonormal = 0,
  weightNorm = false,
}: Partial<TrainingOptions>): string {
  if (optimiser !== 'adam') return `its optimiser is ${optimiser}`
  if (loss !== 'cross-entropy') return `its loss is ${loss}`
  if (orthonormal > 0) return 'its weights are made orthonormal'
  return weightNorm ? 'its weights are normalised' : ''
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
    const { activation, noiseStd } = table[l]
    return {
      inputs,
      outputs,
      weights_at: weightsAt,
      bias_at: biasAt,
      linear: activation === 'linear',
      noisy: noiseStd > 0,
    }
  })
  const { trainCount, batchSize } = training
  const steps = epochs * Math.ceil(trainCount / batchSize)
  const draw = { noise_std: network.noiseStd, stream: streams.trainingNoise }
  const sizes = { networks: seeds.length, steps, order_length: epochs * trainCount, ...draw }
  const data = { order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const moments = { first: 'train.first', second: 'train.second', parameters: 'train.parameters' }
  const names = { schedule: 'train.schedule', ...data, ...moments }
  const constants = trainConstants(layers, onlyActivation(network)!, software ? fusedParameters : 64)
  const { momentum: _, ...rates } = optimiserRates(training)
  return [dispatch(trainSteps, { ...sizes, ...rates }, names, constants)]
}
