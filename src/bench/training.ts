/** Training: one dispatch a layer, whole epochs in one dispatch, networks side by side, and PyTorch. */
import { Lane } from '../machine/lane.js'
import { ReferenceMachine } from '../machine/reference.js'
import type { DenseSpec } from '../network/network.js'
import type { Machine } from '../plan.js'
import type { TrainingPath } from '../training/fused.js'
import type { TrainingSetup } from '../training/setup.js'
import { Trainer } from '../training/trainer.js'
import { isAbsent, isRung, type Absent, spent, type Ladder, type Rung } from './ladder.js'
import { closePeers, pythonPeer } from './python.js'

/** Rows of the epoch that is checked: two steps. */
const checkedRows = 400
/** Of the way that the parameters took in them: what f32 may be off. */
const allowed = 1e-3

/** Epochs of the network of `setup`, which has one seed. */
export async function trainingLadder(machine: Machine, setup: TrainingSetup): Promise<Ladder> {
  const { network, training } = setup
  const side = machine.software ? 2 : 64
  const lanes: Lane[] = []
  const rung = async (name: string, how: string, path: TrainingPath, networks = 1) => {
    const lane = new Lane(machine, `bench${lanes.length}`, [])
    lanes.push(lane)
    return trainingRung(lane, { ...setup, seeds: seedsOf(networks) }, path, { name, how })
  }
  const rungs = [
    await rung('per layer', 'one dispatch a layer and step', 'per-layer'),
    await rung('fused', 'up to sixteen epochs in one dispatch', 'fused'),
    await rung(`fused, ${side} side by side`, `${side} networks in one dispatch; times are of one`, 'fused', side),
  ]
  const widths = [network.inputWidth, ...network.layers.map((layer) => (layer as DenseSpec).width)]
  const { trainCount: count, batchSize: batch, learningRate: learning_rate } = training
  const peers: (Rung | Absent)[] = [
    await pythonPeer(
      {
        ...{ task: 'torch_train', threads: 1, device: machine.software ? 'cpu' : 'cuda' },
        numbers: { widths, noise_std: network.noiseStd, batch, count, learning_rate },
      },
      {
        name: 'PyTorch',
        how: 'modules and autograd on one thread; draws its own noise, hence not checked here',
        check: null,
      },
    ),
  ]
  return {
    name: 'training',
    title: `an epoch of the noisy ${widths.join('-')} network, ${count} rows in batches of ${batch}`,
    reference: 'two steps on the f64 references of all kernels',
    work: { count: Math.ceil(count / batch), unit: 'steps' },
    rungs: [...rungs, ...peers.filter(isRung)],
    absent: peers.filter(isAbsent),
    close: async () => {
      closePeers(peers)
      for (const lane of lanes) lane.destroy()
    },
  }
}

const seedsOf = (networks: number) => Array.from({ length: networks }, (_, i) => i + 1)

async function trainingRung(
  lane: Lane,
  setup: TrainingSetup,
  path: TrainingPath,
  about: Pick<Rung, 'name' | 'how'>,
): Promise<Rung> {
  const trainer = await Trainer.create(lane, setup, { path })
  const networks = setup.seeds.length
  return {
    ...about,
    kind: 'whole',
    check: () => shareOf(lane, setup, path),
    pass: async (times) => {
      const { wall, processor } = await spent(async () => {
        trainer.startEpochs(times)
        await trainer.finish()
      })
      return { wall: wall / networks, processor: processor / networks }
    },
  }
}

/** How far two steps on the device end from two on the references, as a share of the allowed part of their way. */
async function shareOf(lane: Lane, { training, ...setup }: TrainingSetup, path: TrainingPath): Promise<number> {
  const short = { ...setup, training: { ...training, trainCount: checkedRows } }
  const beside = new Lane(lane, 'check', [])
  const found = await parametersAfter(beside, short, path, 1)
  beside.destroy()
  const begin = await parametersAfter(new ReferenceMachine(), short, path, 0)
  const end = await parametersAfter(new ReferenceMachine(), short, path, 1)
  const apart = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]))
  return apart(found, end) / (allowed * apart(begin, end))
}

async function parametersAfter(machine: Machine, setup: TrainingSetup, path: TrainingPath, epochs: number) {
  const trainer = await Trainer.create(machine, setup, { path })
  trainer.startEpochs(epochs)
  await trainer.finish()
  return (await machine.read('train.parameters')) as Float32Array
}
