/** One training step, just as the trainer makes it, with all its buffers read back. */
import { initialParameters } from '../../src/network/parameters.js'
import type { Machine } from '../../src/plan.js'
import { Trainer, trainingStep, type TrainingSetup } from '../../src/training/trainer.js'

export interface OneStep {
  /** Parameters before the step. */
  initial: Float32Array
  /** Every buffer that the step binds, after it. */
  after: Record<string, Float32Array | Uint32Array>
}

/** The first step; the setup's training set must fit into one batch. */
export async function oneStep(machine: Machine, setup: TrainingSetup): Promise<OneStep> {
  const trainer = await Trainer.create(machine, setup)
  if (trainer.stepsPerEpoch !== 1) throw new Error(`${trainer.stepsPerEpoch} steps an epoch`)
  trainer.startEpoch()
  const names = new Set(trainingStep(setup).flatMap((command) => Object.values(command.buffers)))
  const after: OneStep['after'] = {}
  for (const name of names) after[name] = await machine.read(name)
  return { initial: initialParameters(setup.network, setup.seed), after }
}
