/** How a network is trained; defaults are the paper's (METHOD 5.2), Adam as PyTorch does it. */
export interface TrainingOptions {
  epochs: number
  batchSize: number
  /** Inputs in the training set; the rest is the test set. */
  trainCount: number
  learningRate: number
  beta1: number
  beta2: number
  epsilon: number
}
