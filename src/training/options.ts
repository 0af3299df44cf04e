import type { Initialisation } from '../network/parameters.js'

export const optimisers = ['adam', 'sgd'] as const
export const schedules = ['constant', 'geometric', 'cosine'] as const
export const losses = ['cross-entropy', 'mse'] as const

/**
 * How a network is trained; what an experiment does not say is what `plain` says. Adam and SGD are PyTorch's, defaults the paper's
 * (METHOD 5.2).
 */
export interface TrainingOptions {
  epochs: number
  batchSize: number
  /** Inputs in the training set; the rest is the test set, or the data set says which are. */
  trainCount: number
  learningRate: number
  /** Adam: decay rates of the two moments, and what is added to the root of the second. */
  beta1: number
  beta2: number
  epsilon: number
  optimiser?: (typeof optimisers)[number]
  /** SGD: buffer = momentum buffer + gradient, parameter -= learningRate buffer. */
  momentum?: number
  /** Added to every gradient, times the parameter. */
  weightDecay?: number
  /** The learning rate from epoch to epoch: learningRate throughout, or from it towards finalLearningRate. */
  schedule?: (typeof schedules)[number]
  finalLearningRate?: number
  /** cross-entropy: of the softmax of the logits. mse: mean over logits of the squared difference to 1 for the label, 0 for the others. */
  loss?: (typeof losses)[number]
  initialisation?: Initialisation
  /** a of A <- A - a (A A' A - A) after each step, A being the weights (outputs x inputs) of every layer but the last; 0: none. */
  orthonormal?: number
  /** Weights as w = g v / |v|, a gain g and a direction v for each neuron (Salimans & Kingma 2016). */
  weightNorm?: boolean
}

export const plain = {
  optimiser: 'adam',
  momentum: 0,
  weightDecay: 0,
  schedule: 'constant',
  finalLearningRate: 0,
  loss: 'cross-entropy',
  initialisation: 'pytorch',
  orthonormal: 0,
  weightNorm: false,
} as const satisfies Partial<TrainingOptions>

/** With `plain` for what is not said. */
export function settled(options: TrainingOptions): Required<TrainingOptions> {
  const said = Object.entries(options).filter(([, value]) => value !== undefined)
  return { ...plain, ...Object.fromEntries(said) } as Required<TrainingOptions>
}

/**
 * Of the epoch after `epoch` others, from 0. geometric: learningRate (finalLearningRate / learningRate)^(epoch / epochs). cosine:
 * finalLearningRate + (learningRate - finalLearningRate) (1 + cos(pi epoch / epochs)) / 2.
 */
export function learningRateAt(options: TrainingOptions, epoch: number): number {
  const { schedule, learningRate: first, finalLearningRate: last, epochs } = settled(options)
  const done = epoch / epochs
  if (schedule === 'geometric') return first * (last / first) ** done
  if (schedule === 'cosine') return last + ((first - last) * (1 + Math.cos(Math.PI * done))) / 2
  return first
}
