/**
 * The noisy network of METHOD 1: T_l = f_l(T_{l-1}) + Z_l with Z_l ~ N(0, noiseStd^2 I) after the
 * activation of every hidden layer; the output layer (logits) carries no noise.
 */
export type Activation = 'tanh' | 'linear'

export interface LayerSpec {
  /** Neurons. */
  width: number
  activation: Activation
}

export interface NetworkSpec {
  inputWidth: number
  /** Layers 1..L; the last one gives the logits. */
  layers: LayerSpec[]
  /** beta: standard deviation of the Gaussian noise of every hidden layer; 0 is the deterministic network. */
  noiseStd: number
}

/** The one activation of the layers that are not linear (tanh where all are); null where there are several. */
export function onlyActivation({ layers }: NetworkSpec): Activation | null {
  const kinds = new Set(layers.map(({ activation }) => activation).filter((kind) => kind !== 'linear'))
  return kinds.size > 1 ? null : ([...kinds][0] ?? 'tanh')
}
