// Every shader in every variant that the tool uses, parsed and validated on the null backend: no GPU, milliseconds.
// Run by `npm run check`.
import { openNullDevice } from '../src/gpu/device.js'
import { activationNames } from '../src/kernels/activation.js'
import { conv2dBackwardInputConstants } from '../src/kernels/conv2d-backward-input.js'
import { conv2dBackwardWeightsConstants } from '../src/kernels/conv2d-backward-weights.js'
import { conv2dForwardConstants } from '../src/kernels/conv2d-forward.js'
import { conv2dForwardNaiveConstants } from '../src/kernels/conv2d-forward-naive.js'
import { denseBackwardInputConstants } from '../src/kernels/dense-backward-input.js'
import { denseBackwardWeightsConstants } from '../src/kernels/dense-backward-weights.js'
import { denseConstants } from '../src/kernels/dense-forward.js'
import { trainConstants, type FusedChoices } from '../src/kernels/train-steps.js'
import { poolConstants } from '../src/kernels/pool-forward.js'
import { momentConstants, monomials } from '../src/kernels/moment-sums.js'
import { propagateConstants } from '../src/kernels/propagate.js'
import { chainConstants } from '../src/kernels/roof-multiply-add.js'
import { orthonormalConstants } from '../src/kernels/orthonormal.js'
import { ownConstants } from '../src/kernels/own-sums.js'
import { tileConstants } from '../src/kernels/tile-sums.js'
import { reflect } from '../src/gpu/reflect.js'
import { compileShader, loadShader, shaderStems, type ShaderConstants } from '../src/gpu/shader.js'

const activations = activationNames.map((ACTIVATION) => ({ ACTIVATION }))
/** Small, and not. */
const dense = [
  { inputs: 12, outputs: 10, weights_at: 0, bias_at: 120 },
  { inputs: 784, outputs: 128, weights_at: 0, bias_at: 0 },
  { inputs: 128, outputs: 10, weights_at: 0, bias_at: 0 },
]
/** Of a network for MNIST; with zeros around, and a stride. */
const convolutions = [
  { channels: 16, height: 12, width: 12, filters: 32, kernel: 5, stride: 1, padding: 0 },
  { channels: 3, height: 9, width: 14, filters: 5, kernel: 3, stride: 2, padding: 1 },
]
const pools = (['max', 'average'] as const).map((pool) => poolConstants(pool, 2))
const dimensions = [1, 3, 10, 16, 40].map((DIMENSION) => ({ DIMENSION }))
const shapes = dimensions.flatMap(({ DIMENSION: dimension }) => {
  const plain = { dimension, columns: 1, split: false, weighted: false, others: false, labelled: false }
  const [others, split] = [
    { columns: 16, others: true },
    { split: true, weighted: true },
  ]
  return [plain, { ...plain, ...split }, { ...plain, ...others }, { ...plain, ...others, ...split, labelled: true }]
})

/** 5-4-3, tanh and noise in the hidden layer. */
const small = [
  { inputs: 5, outputs: 4, weights_at: 0, bias_at: 20, linear: false, noise_std: 0.1 },
  { inputs: 4, outputs: 3, weights_at: 24, bias_at: 36, linear: true, noise_std: 0 },
]

const plain = { activation: 'tanh', optimiser: 'adam', loss: 'cross-entropy', gradientFloats: 16 } as const
const trained: FusedChoices[] = [
  { ...plain, orthonormal: false, weightNorm: false },
  { ...plain, optimiser: 'sgd', loss: 'mse', orthonormal: true, weightNorm: false },
  { ...plain, orthonormal: false, weightNorm: true },
]

/** The same two layers, of which the first is kept or not. */
function propagated(first: boolean) {
  return small.map((layer, l) => ({ ...layer, kept: l > 0 || first }))
}

/** The constants each shader is specialised with; a shader that is not here takes none. */
const variants: Record<string, ShaderConstants[]> = {
  'dense-forward': dense.map(denseConstants),
  'dense-backward-input': dense.map(denseBackwardInputConstants),
  'dense-backward-weights': dense.map(denseBackwardWeightsConstants),
  'conv2d-forward': convolutions.map((shape) => conv2dForwardConstants(shape)),
  'conv2d-forward-naive': convolutions.map(conv2dForwardNaiveConstants),
  'conv2d-backward-input': convolutions.map((shape) => conv2dBackwardInputConstants(shape)),
  'conv2d-backward-weights': convolutions.map((shape) => conv2dBackwardWeightsConstants(shape)),
  noise: [{ SOURCE: true }, { SOURCE: false }],
  'activation-forward': activations,
  'activation-backward': activations,
  'pool-forward': pools,
  'pool-backward': pools,
  'train-steps': trained.map((choices) => trainConstants(small, choices)),
  orthonormal: [10, 128].map((short) => orthonormalConstants({ short })),
  propagate: [propagateConstants(propagated(true), 'tanh'), propagateConstants(propagated(false), 'tanh')],
  'roof-multiply-add': [1, 4].map((chains) => chainConstants(chains, 16)),
  'roof-exp': [1, 4].map((chains) => chainConstants(chains, 4)),
  'own-sums': dimensions.flatMap(({ DIMENSION: dimension }) =>
    [true, false].map((alone) => ownConstants({ dimension, queries: 8, alone })),
  ),
  'tile-sums': shapes.map(tileConstants),
  'moment-sums': shapes.map((shape) => momentConstants(shape, monomials(shape.dimension, 70))),
}

const open = await openNullDevice()
let count = 0
for (const stem of shaderStems()) {
  for (const constants of variants[stem] ?? [{}]) {
    for (const WORKGROUP of [4, 64]) {
      const shader = loadShader(stem, { ...constants, WORKGROUP })
      reflect(shader)
      await compileShader(open.device, shader)
      count++
    }
  }
}
console.log(`${count} shader variants are valid`)
open.destroy()
process.exit(0)
