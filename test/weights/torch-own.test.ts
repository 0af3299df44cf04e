/**
 * scripts/torch_export.py, and what infoflow makes of its files: every layer is in infoflow what it is in PyTorch, and I(X;T) of the
 * network is I(X;T) of the samples that PyTorch draws. COST some 15 s of a core.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { measureRequest } from '../../src/commands/measure-request.js'
import { applyData, applyMode, toDraft } from '../../src/experiments/settle.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { layerTable } from '../../src/network/network.js'
import { readRows } from '../../src/tables/read.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { readSafetensors } from '../../src/tables/safetensors.js'
import { Loaded } from '../../src/training/networks.js'
import { close } from '../close.js'
import { scratch, succeed } from '../commands/process.js'
import { root } from '../example.js'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'

/** Activations are of the size of 1: 1e-5 is 168 roundings of f32, in which PyTorch computes as well. */
const acceptance = 1e-5

const { python, reason } = findPython('torch', 'python3-torch')
const folder = scratch(test)

interface Told {
  /** Noise without change after eval(), with one after train(). */
  module: [boolean, boolean]
  described: Record<'noise' | 'partly' | 'said' | 'wrong' | 'whole', string>
  broken: string
  pickles: Record<'plain' | 'wrapped' | 'whole' | 'malice' | 'cut' | 'none' | 'trusted', [code: number, line: string]>
  kept: string[]
  'was run': boolean
  data: Record<string, string>
  'data written': boolean
}

let told: Told

test.before(() => {
  if (python === null) return
  const script = join(root, 'test/weights/torch_own.py')
  told = JSON.parse(execFileSync(python, [script, folder], { encoding: 'utf8', timeout: 600_000 })) as Told
})

const withTorch = (name: string, run: () => unknown) => testIf(python !== null, reason, test, name, run)

for (const name of ['mlp', 'lenet'])
  withTorch(`${name}: every layer is what it is in PyTorch`, async () => {
    const files = { weights: [join(folder, name, 'weights')] }
    const { definition, config } = measureRequest(join(folder, name, 'model.yaml'), files)
    const data = await definition.data(config)
    const resolved = applyData(applyMode(config, definition), data, definition.weights)
    const { network, training, weightsAt } = toDraft(resolved, data, definition.weights)
    assert.is(training.trainCount, data.count)
    const setup = { seeds: [1], data, network, training: { ...training, epochs: 7 } }
    const loaded = await Loaded.create(new ReferenceMachine(), setup, weightsAt!, 7)
    const expected = JSON.parse(readFileSync(join(folder, name, 'outputs.json'), 'utf8')) as number[][]
    assert.is(expected.length, layerTable(network).length)
    const found = await loaded.activations(expected.map((_, i) => i + 1))
    for (const [i, values] of expected.entries()) close(found[i], values, acceptance, `${name}, layer ${i + 1}`)
    assert.ok(expected.flat().some((value) => Math.abs(value) > 0.5))
  })

withTorch("I(X;T) of PyTorch's network is that of the samples it draws, within 4 standard errors", async () => {
  const words = ['noisy/model.yaml', '--weights', 'noisy/weights', '--set', 'measurement.layers=[2]']
  const sampling = ['--replicas', '64', '--own-replicas', '256', '--batches', '8', '--queries', '4']
  const { stdout } = await succeed(folder, 'measure', ...words, ...sampling, '--out', 'measured')
  assert.not.match(stdout, /part of training/)
  const [row] = readRows<InformationRow>(join(folder, 'measured/information.arrow'))
  const asked = ['samples.npz', '--noise-std', '0.3', '--inputs', 'all', '--json']
  const { answers } = JSON.parse((await succeed(folder, 'estimate', ...asked)).stdout) as {
    answers: { mi_corrected: number; mi_se: number }[]
  }
  const [{ mi_corrected, mi_se }] = answers
  assert.ok(mi_corrected > 0.5 && mi_corrected < Math.log(64) - 0.5, `${mi_corrected} nats tell something`)
  const apart = Math.abs(row.mi_corrected! - mi_corrected)
  assert.ok(apart <= 4 * Math.hypot(row.mi_se!, mi_se), `${row.mi_corrected} and ${mi_corrected}: ${apart} nats apart`)
})

withTorch('noise is said once where all layers have the same, else by layer; it is on in training alone', () => {
  const { noise, partly, said } = told.described
  const layers = (text: string) =>
    (parse(text) as { network: { layers: object[] }; noise: object }).network.layers.map((layer) =>
      'noiseStd' in layer ? layer.noiseStd : null,
    )
  const std = (text: string) => (parse(text) as { noise: { std: number } }).noise.std
  assert.equal([std(noise), ...layers(noise)], [0.1, null, null, null])
  assert.equal([std(partly), ...layers(partly)], [0, 0.1, null, null])
  assert.equal([std(said), ...layers(said)], [0.2, null, null])
  assert.equal(told.module, [true, true])
})

withTorch('whatever cannot be described is listed, all of it, with what to do', () => {
  const lines = told.described.wrong.split('\n')
  const names = ['0: Conv2d', '1: LeakyReLU', '2: BatchNorm2d', '3: AvgPool2d', '4: Own', '6: Linear', '7: Softmax']
  assert.is(lines.length, 1 + names.length)
  for (const [i, name] of names.entries()) assert.ok(lines[i + 1].trim().startsWith(name), lines[i + 1])
  assert.match(told.described.whole, /Own\(\): what its forward\(\) does cannot be seen .*: build it of Sequentials/)
})

withTorch('wrappers are taken off, any precision becomes f32, epoch and seed are in the metadata', () => {
  const parallel = readSafetensors(join(folder, 'parallel.safetensors'))
  assert.equal(parallel.metadata, { format: 'pt', epoch: '3', seed: '5' })
  const names = ['0.weight', '0.bias', '2.weight', '2.bias']
  assert.equal(
    parallel.tensors.map(({ name }) => name),
    names,
  )
  const state = readSafetensors(join(folder, 'state.safetensors'))
  assert.equal(state.tensors, parallel.tensors)
  assert.match(told.broken, /0\.bias holds NaN; steps holds torch\.int64, not real numbers; note holds str, not real/)
  assert.not(existsSync(join(folder, 'broken.safetensors')))
})

withTorch('a pickle becomes safetensors, and runs nothing unless it is trusted', () => {
  const { plain, wrapped, whole, malice, cut, none, trusted } = told.pickles
  assert.equal(
    [plain, wrapped, trusted].map(([code]) => code),
    [0, 0, 0],
    wrapped[1],
  )
  const epochs = ['plain', 'wrapped', 'trusted'].map(
    (name) => readSafetensors(join(folder, 'converted', `${name}.safetensors`)).metadata.epoch,
  )
  assert.equal(epochs, [undefined, '12', '4'])
  for (const [code, line] of [whole, malice]) {
    assert.is(code, 2)
    assert.match(line, /is not weights alone .* a pickle can run any code .* add --trust if you know/)
  }
  assert.equal([cut[0], none[0], told['was run']], [2, 2, false])
  assert.match(none[1], /No such file/)
  assert.equal(told.kept, ['plain.safetensors', 'trusted.safetensors', 'wrapped.safetensors'])
})

withTorch('data that would not do are refused before anything is written', () => {
  const { data } = told
  assert.match(data.infinite, /^inputs: row 2 holds NaN or infinity/)
  assert.match(data['fewer labels'], /^inputs have 4 rows, labels 3$/)
  assert.match(data['one-hot'], /expected a class index for each row, such as labels\.argmax\(1\)$/)
  assert.match(data.negative, /^labels: row 0 is -1/)
  assert.match(data['half a test set'], /give both, or neither$/)
  assert.match(data['another network'], /model\.yaml is of another network or other data: rename/)
  assert.is(told['data written'], false)
})

test.run()
