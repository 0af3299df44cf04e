/** One training step, just as the trainer makes it, with all its buffers read back. */
import { initialParameters } from '../../src/network/parameters.js'
import type { Machine } from '../../src/plan.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { trainingStep } from '../../src/training/step-plan.js'
import { Trainer } from '../../src/training/trainer.js'
import { adamBounds, stepBounds, type AdamState } from './bounds.js'

export type Snapshot = Record<string, Float32Array | Uint32Array>

/** Where a step begins: after `t - 1` steps, the training set fitting into one batch. */
export interface State extends AdamState {
  first: Float32Array
  second: Float32Array
  parameters: Float32Array
}

/** Before the first step. */
export function freshState({ network, seeds }: TrainingSetup): State {
  const parameters = initialParameters(network, seeds[0])
  const [first, second] = [new Float32Array(parameters.length), new Float32Array(parameters.length)]
  return { first, second, parameters, t: 1 }
}

/** Every buffer that the trainer's path binds, after one step from the state; the machine is empty again. */
export async function oneStep(
  machine: Machine,
  setup: TrainingSetup,
  path: Trainer['path'] = 'per-layer',
  state = freshState(setup),
): Promise<Snapshot> {
  const trainer = await Trainer.create(machine, setup, { path })
  if (trainer.stepsPerEpoch !== 1) throw new Error(`${trainer.stepsPerEpoch} steps an epoch`)
  machine.write('train.first', state.first)
  machine.write('train.second', state.second)
  machine.write('train.parameters', state.parameters)
  trainer.epoch = state.t - 1
  trainer.startEpochs(1)
  const fused = ['train.first', 'train.second', 'train.parameters']
  const all = trainingStep(setup).flatMap((command) => Object.values(command.buffers))
  const after: Snapshot = {}
  for (const name of path === 'fused' ? fused : new Set(all)) after[name] = await machine.read(name)
  machine.release()
  return after
}

/** The state after the step. */
export function next(after: Snapshot, { t }: State): State {
  const [first, second, parameters] = ['train.first', 'train.second', 'train.parameters'].map((name) => after[name])
  return { first, second, parameters, t: t + 1 } as State
}

/** Bounds on every f32 buffer of a step from the state, but on those that are copies. */
export function boundsOf(setup: TrainingSetup, after: Snapshot, state: State): Record<string, Float64Array> {
  const values = { ...after, 'train.parameters': state.parameters }
  const bounds = stepBounds(setup, values, state.t - 1, setup.training.trainCount)
  const { 'train.gradients': errors } = bounds
  return { ...bounds, ...adamBounds(setup, after['train.gradients'], errors, state) }
}

/** Losses without noise over the training set after each of ten steps; the machine is empty again. */
export async function tenLosses(machine: Machine, setup: TrainingSetup, path: Trainer['path']): Promise<number[]> {
  const trainer = await Trainer.create(machine, setup, { path })
  const losses: number[] = []
  for (let i = 0; i < 10; i++) {
    trainer.startEpochs(1)
    losses.push((await trainer.evaluate()).trainLoss!)
  }
  machine.release()
  return losses
}
