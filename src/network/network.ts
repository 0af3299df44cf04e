/**
 * The noisy network of METHOD 1: T_l = f_l(T_{l-1}) + Z_l with Z_l ~ N(0, beta_l^2 I) after the activation of a hidden layer; the
 * output layer (logits) carries no noise. A layer is whatever stands in the list, from 1: dense, convolution, pooling, and
 * flatten and dropout, which carry none.
 */
export const activations = ['tanh', 'relu', 'leaky-relu', 'sigmoid', 'linear'] as const
/** leaky-relu: slope 0.01 below 0. */
export type Activation = (typeof activations)[number]

interface Noisy {
  /** beta of this layer, if not what layerTable says. */
  noiseStd?: number
}

export interface DenseSpec extends Noisy {
  type?: 'dense'
  /** Neurons. */
  width: number
  activation: Activation
}

/** Cross-correlation with a square kernel, zeros around the image (PyTorch's Conv2d). */
export interface ConvolutionSpec extends Noisy {
  type: 'conv2d'
  /** Of the output. */
  channels: number
  /** Pixels a side. */
  kernel: number
  stride?: number
  padding?: number
  activation: Activation
}

/** Squares of `size` pixels a side, side by side; rows and columns left over are dropped. */
export interface PoolSpec extends Noisy {
  type: 'max-pool' | 'average-pool'
  size: number
}

export interface FlattenSpec {
  type: 'flatten'
}

/** In training, each number is 0 with probability `rate`, else 1 / (1 - rate) times itself. */
export interface DropoutSpec {
  type: 'dropout'
  rate: number
}

export type LayerSpec = DenseSpec | ConvolutionSpec | PoolSpec | FlattenSpec | DropoutSpec

/** Channels, height, width; a vector is n, 1, 1. */
export type Shape = readonly [channels: number, height: number, width: number]

export interface NetworkSpec {
  inputWidth: number
  /** Of an input; a vector where absent. */
  inputShape?: Shape
  /** Layers 1..L; the last one gives the logits. */
  layers: LayerSpec[]
  /** beta: standard deviation of the noise of every dense or convolution layer but the last; 0 is the deterministic network. */
  noiseStd: number
}

/** A layer as its place in the network makes it. */
export interface Layer {
  spec: LayerSpec
  type: 'dense' | 'conv2d' | 'max-pool' | 'average-pool' | 'flatten' | 'dropout'
  input: Shape
  output: Shape
  /** Numbers in a row of the input, and of the output. */
  inputs: number
  width: number
  /** linear where there is none. */
  activation: Activation
  /** beta; 0 where the layer carries no noise. */
  noiseStd: number
}

/** All layers. Throws RangeError, which says the layer and what came in, where one cannot stand on the one below. */
export function layerTable({ inputWidth, inputShape = [inputWidth, 1, 1], layers, noiseStd }: NetworkSpec): Layer[] {
  let input: Shape = inputShape
  return layers.map((spec, index) => {
    const type = spec.type ?? 'dense'
    const output = outputShape(spec, input, index + 1)
    const own = 'noiseStd' in spec ? spec.noiseStd : undefined
    const carries = type === 'dense' || type === 'conv2d' ? noiseStd : 0
    const layer: Layer = {
      ...{ spec, type, input, output, inputs: sizeOf(input), width: sizeOf(output) },
      activation: 'activation' in spec ? spec.activation : 'linear',
      noiseStd: index === layers.length - 1 ? 0 : (own ?? carries),
    }
    input = output
    return layer
  })
}

const sizeOf = ([channels, height, width]: Shape) => channels * height * width

function outputShape(spec: LayerSpec, input: Shape, layer: number): Shape {
  const [channels, height, width] = input
  const came = `${channels} x ${height} x ${width} came in`
  switch (spec.type) {
    case 'conv2d': {
      const { kernel, stride = 1, padding = 0 } = spec
      const side = (pixels: number) => Math.floor((pixels + 2 * padding - kernel) / stride) + 1
      if (side(height) < 1 || side(width) < 1)
        throw new RangeError(`layer ${layer}: a kernel of ${kernel} x ${kernel} does not fit: ${came}`)
      return [spec.channels, side(height), side(width)]
    }
    case 'max-pool':
    case 'average-pool': {
      const side = (pixels: number) => Math.floor(pixels / spec.size)
      if (side(height) < 1 || side(width) < 1)
        throw new RangeError(`layer ${layer}: a window of ${spec.size} x ${spec.size} does not fit: ${came}`)
      return [channels, side(height), side(width)]
    }
    case 'flatten':
      return [sizeOf(input), 1, 1]
    case 'dropout':
      return input
    case 'dense':
    case undefined:
      return [spec.width, 1, 1]
  }
}

/** Whether all layers are dense: what the fused kernels take. */
export function isDense({ layers }: NetworkSpec): boolean {
  return layers.every(({ type = 'dense' }) => type === 'dense')
}

/** The one activation of the layers that are not linear (tanh where all are); null where there are several. */
export function onlyActivation(network: NetworkSpec): Activation | null {
  const kinds = new Set(layerTable(network).map(({ activation }) => activation))
  kinds.delete('linear')
  return kinds.size > 1 ? null : ([...kinds][0] ?? 'tanh')
}
