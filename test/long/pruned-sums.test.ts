/**
 * What trees, tiles and moments save on the trained SZT network: each layer's sums over other inputs, 4096 inputs x 16 replicas
 * and as many queries, with certificate 1e-6 and with nothing skipped, in one run; and that both agree.
 * COST about 4 minutes on 2 idle cores with the embedded software adapter.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { amplification, boundsFor } from '../../src/information/certificate.js'
import { drawNoise } from '../../src/information/host-samples.js'
import { Measurer } from '../../src/information/measurer.js'
import { tileRounding } from '../../src/information/rounding.js'
import { openMachine } from '../../src/machine/open.js'
import { Summation, type Summed } from '../../src/summation/summation.js'
import type { ActivationRows } from '../../src/tables/rows.js'
import { shared } from '../../src/training/setup.js'
import { Trainer } from '../../src/training/trainer.js'
import { paperSetup } from '../training/setups.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const setup = paperSetup(3277)
const { noiseStd } = setup.network
const [inputs, replicas, batches] = [4096, 16, 8]
/** How many times faster than the full sum each layer is wanted. */
const wanted: Record<number, number> = { 2: 300, 3: 60, 4: 8, 5: 2 }

async function samplesAfterTraining(): Promise<ActivationRows[]> {
  const trainer = await Trainer.create(machine, setup)
  for (let epoch = 1; epoch <= 10_000; epoch++) {
    trainer.startEpochs(1)
    if (epoch % 100 === 0) await trainer.finish()
  }
  trainer.select(0)
  const options = { layers: [2, 3, 4, 5], replicas, ownReplicas: replicas, batches, queries: 1, tolerance: 1e-6 }
  const { data, network } = setup
  const measurer = await Measurer.create(machine, { seed: 1, data, network, options, buffers: shared })
  await measurer.measure(10_000)
  const samples = await measurer.activations(10_000, replicas)
  machine.release()
  return samples
}

async function sumBoth({ layer, width, count, s, x, y }: ActivationRows): Promise<[Summed, Summed]> {
  const points = { count, coordinates: s, input: x, label: y }
  const column = Uint8Array.from({ length: count }, (_, i) => i % batches)
  const centers = { ...points, column, weight: null }
  const queries = { ...points, noise: drawNoise(count, width, noiseStd, layer, 0) }
  const shape = { dimension: width, columns: batches, split: false, weighted: false, others: true, labelled: true }
  const name = `layer${layer}`
  const summation = await Summation.create(machine, { ...shape, name, centers: count, queries: count }, noiseStd)
  const weights = { ownWeight: 1, total: inputs * replicas }
  const bounds = boundsFor(noiseStd, 1e-6, amplification(batches, 1), weights)
  const pruned = [await summation.sum(centers, queries, bounds), await summation.sum(centers, queries, bounds)]
  const full = await summation.sum(centers, queries, { noiseStd, threshold: -Infinity, relative: 0 })
  summation.release()
  return [pruned[0].seconds < pruned[1].seconds ? pruned[0] : pruned[1], full]
}

test('pruned sums against full ones', async () => {
  for (const samples of await samplesAfterTraining()) {
    const [pruned, full] = await sumBoth(samples)
    const ratio = full.seconds / pruned.seconds
    const [kept, perPair] = [pruned.pairs / pruned.allPairs, (full.seconds * 1e9) / full.pairs]
    console.log(
      `layer ${samples.layer}: ${ratio.toFixed(1)} times (wanted ${wanted[samples.layer]}): ${full.seconds.toFixed(2)} s in full ` +
        `(${perPair.toFixed(1)} ns a pair), ${pruned.seconds.toFixed(2)} s pruned, ${(100 * kept).toFixed(3)} % of the pairs one by one`,
    )
    const relative = 2 * tileRounding(samples.width, Math.max(full.additions, pruned.additions)) + pruned.remainder
    const columns = 2 * batches
    const off = pruned.sums.findIndex((sum, i) => {
      const allowed = pruned.skipped[Math.floor(i / columns)] + relative * (full.sums[i] + replicas) + 1e-30
      return !(Math.abs(sum - full.sums[i]) <= allowed)
    })
    assert.is(off, -1, `layer ${samples.layer}: sum ${off} is ${pruned.sums[off]}, in full ${full.sums[off]}`)
  }
})

test.run()
