// SHOWS  the example of docs/library.md, word for word: a network trains on 64 inputs of its own, and is measured thrice
// COST   a few seconds: node --import tsx scripts/train-and-measure.ts
import { openMachine, trainAndMeasure } from '../src/index.js'

// all 64 inputs of 6 bits, labelled by whether more than three of them are set
const inputs = Float32Array.from({ length: 64 * 6 }, (_, i) => (Math.floor(i / 6) >> (i % 6)) & 1)
const ones = (x: number) => inputs.subarray(6 * x, 6 * x + 6).reduce((sum, bit) => sum + bit, 0)
const labels = Uint32Array.from({ length: 64 }, (_, x) => (ones(x) > 3 ? 1 : 0))
const widths = [4, 3, 2]

const machine = await openMachine()
const { training, information } = await trainAndMeasure(machine, {
  inputs,
  labels,
  network: {
    layers: widths.map((width, i) => ({ width, activation: i < 2 ? 'tanh' : 'linear' })),
    noiseStd: 0.1,
  },
  training: { batchSize: 16, learningRate: 0.01 },
  measureAt: [0, 10, 300],
})
machine.destroy()

for (const { epoch, layer, mi_corrected, mi_low, mi_high } of information) {
  const [mi, low, high] = [mi_corrected, mi_low, mi_high].map((nats) => nats?.toFixed(3))
  console.log(`epoch ${epoch}: I(X;T_${layer}) = ${mi} nats, 95 % between ${low} and ${high}`)
}
console.log(`accuracy on the test set, at the end: ${training.at(-1)?.test_accuracy}`)
