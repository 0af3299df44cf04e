/** A network and data of one's own: a file that describes them, trained, and measured again from the weights it kept. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { measureRequest } from '../../src/commands/measure-request.js'
import { requested } from '../../src/commands/run-request.js'
import { headerLines } from '../../src/commands/perform-run.js'
import { initText, schemaText } from '../../src/commands/init-text.js'
import { configSchema, type Config } from '../../src/experiments/config.js'
import { configTexts } from '../../src/experiments/config-texts.js'
import { custom } from '../../src/experiments/custom.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { experiments } from '../../src/experiments/registry.js'
import type { SettledConfig } from '../../src/experiments/settle.js'
import { variantChanges } from '../../src/experiments/variant.js'
import type { LayerSpec } from '../../src/network/network.js'
import { readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import type { InformationRow, NoiseLevelRow, TrainingRow } from '../../src/tables/rows.js'
import { inputs, writeOwn } from './own-files.js'
import { coarsest, scratch, succeed } from './process.js'

const folder = scratch(test)
test.before(() => writeOwn(folder))

/** Rows of measured epochs without what differs by nature: times, and the step size, which a measurement does not know. */
const rowsOf = (run: string, table: string) =>
  readRows<InformationRow & TrainingRow>(join(folder, run, `${table}.arrow`))
    .filter(({ epoch }) => [0, 1, 3].includes(epoch))
    .map((row) => ({ ...row, ...{ seconds: 0, learning_rate: 0 } }))

const sameRows = (a: string, b: string, tables: string[]) =>
  tables.forEach((table) => assert.equal(rowsOf(a, table), rowsOf(b, table), `${table} of ${a} and ${b}`))

test('infoflow run FILE trains it, from any folder; the run says what X is, and how to repeat it', async () => {
  const { stderr } = await succeed(folder, 'run', 'mine/my.yaml', ...coarsest, '--seeds', '4,5', '--save-weights')
  assert.match(
    stderr,
    /^data: x\.npy, 96 inputs of 4 numbers, 2 classes; X is uniform on exactly these, .* = 4\.564 nats/m,
  )
  assert.match(stderr, /^custom \(quick\), seeds 4..5: 3 epochs, I\(X;T\) at 3 epochs/m)
  const { reproduce, configuration } = readRunRecord(join(folder, 'results/my-001')) as unknown as {
    reproduce: string
    configuration: Config
  }
  assert.match(
    reproduce,
    /^infoflow run custom --seeds 4\.\.5 --set data\.inputs=mine\/x\.npy --set data\.labels=mine\/y\.npy /,
  )
  assert.is(configuration.training.trainCount, 76)
  const rows = rowsOf('results/my-001', 'information')
  assert.is(rows.length, 2 * 3 * 2)
  assert.ok(rows.every(({ mi, mi_ceiling }) => mi! > 0 && mi! <= mi_ceiling! + 1e-4))
})

test("measured again, a run's weights give the run's own rows", async () => {
  const { stderr, stdout } = await succeed(folder, 'measure', 'results/my-001', '--out', 'again')
  assert.match(
    stderr,
    /^custom \(quick\), seeds 4..5: 6 files of weights, no training, I\(X;T\) at 3 epochs \(0, 1, 3\)/m,
  )
  sameRows('again', 'results/my-001', ['information', 'training', 'clustering', 'binned-entropies'])
  assert.not.match(stdout, /was not part of training/)
  const { weights, reproduce } = readRunRecord(join(folder, 'again')) as unknown as {
    weights: { seed: number; epoch: number; sha256: string }[]
    reproduce: string
  }
  assert.equal(
    weights.map(({ seed, epoch }) => [seed, epoch]),
    [4, 5].flatMap((seed) => [0, 1, 3].map((epoch) => [seed, epoch])),
  )
  assert.match(weights[0].sha256, /^[0-9a-f]{64}$/)
  assert.match(reproduce, /^infoflow measure custom --weights results\/my-001\/weights --seeds 4\.\.5 /)
})

test('the file and a pattern do the same; one seed of several may be asked for', async () => {
  const words = ['mine/my.yaml', '--weights', 'results/my-001/weights/*/*.safetensors', ...coarsest]
  await succeed(folder, 'measure', ...words, '--seeds', '5', '--out', 'five')
  const own = rowsOf('results/my-001', 'information').filter(({ seed }) => seed === 5)
  assert.equal(rowsOf('five', 'information'), own)
})

test('several noises are a sweep: a folder each, all of them in one table, and a plain word on training', async () => {
  const words = ['--weights', 'results/my-001/weights/seed-4/epoch-3.safetensors', ...coarsest]
  const { stdout } = await succeed(
    folder,
    'measure',
    'mine/my.yaml',
    ...words,
    '--noise-std',
    '1,0.01,0.1',
    '--out',
    's',
  )
  const rows = readRows<NoiseLevelRow>(join(folder, 's/noise-levels.arrow'))
  const mi = (noise: number, layer: number) =>
    rows.find((row) => row.noise_std === noise && row.layer === layer)!.mi_corrected!
  assert.is(rows.length, 3 * 2)
  for (const layer of [1, 2]) assert.ok(mi(0.01, layer) > mi(0.1, layer) && mi(0.1, layer) > mi(1, layer))
  const trained = rowsOf('results/my-001', 'information').find(
    (row) => row.seed === 4 && row.epoch === 3 && row.layer === 2,
  )
  assert.not.equal(mi(0.1, 2), trained!.mi, 'layer 1 had a noise of its own in training')
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /No such noise was part of training, in which each layer had its own: these rows say how far apart/,
  )
  const single = await succeed(folder, 'measure', 'mine/my.yaml', ...words, '--noise-std', '0.5', '--out', 'half')
  const said = single.stdout.replace(/\s+/g, ' ')
  assert.match(
    said,
    /Noise 0\.5 was not part of training, which had noise 0\.02 and 0\.1 by layer as far as the configuration says/,
  )
  const again = () => measureRequest(join(folder, 's/noise-1'), {})
  assert.throws(again, /noise-1: this run kept no weights: run it with --save-weights/)
})

test('a noise of one layer alone is a noise', () => {
  const layers: LayerSpec[] = [
    { width: 3, activation: 'tanh', noiseStd: 0.1 },
    { width: 2, activation: 'linear' },
  ]
  const measurement = { count: 2, epochs: [0, 3], layers: [1], replicas: 2, ownReplicas: 2, batches: 2, queries: 1 }
  const settled = { ...custom.defaults, seeds: [1], measurement } as unknown as SettledConfig
  const head = (list: LayerSpec[]) => headerLines(settled, { inputWidth: 4, layers: list, noiseStd: 0 }, 5)[0]
  assert.match(head(layers), /I\(X;T\) at 2 epochs/)
  assert.match(head([{ width: 3, activation: 'tanh' }, layers[1]]), /no noise, so nothing to estimate/)
})

test('inputs that are a sample of X have rows of regime sample, or the number of samples that it would take', async () => {
  const sample = ['--set', 'data.regime=sample', '--set', 'measurement.epochs=[3]', ...coarsest, '--seed', '4']
  const { stderr } = await succeed(
    folder,
    'run',
    'mine/my.yaml',
    ...sample,
    '--set',
    'noise.std=0.8',
    '--out',
    'sample',
  )
  assert.match(stderr, /they are a sample of X \(regime sample\)/)
  const [first, second] = rowsOf('sample', 'information')
  assert.equal([first.regime, first.mi], ['insufficient', null])
  assert.match(
    first.warnings[0],
    /^not estimated: in 3 dimensions with noise 0\.02 at least [\d.e+]+ samples are needed/,
  )
  assert.is(second.regime, 'sample')
  assert.ok(second.mi! > 0 && second.mi_se! > 0 && second.inputs === inputs)
})

test('a built-in experiment is such a file: its rows are the same', async () => {
  writeFileSync(join(folder, 'szt.yaml'), initText('szt'))
  const words = [...coarsest, '--epochs', '1', '--measurements', '1', '--seed', '1', '--set', 'measurement.layers=[1]']
  await succeed(folder, 'run', 'szt.yaml', ...words, '--out', 'from-file')
  await succeed(folder, 'run', 'szt', ...words, '--out', 'built-in')
  sameRows('from-file', 'built-in', ['information', 'training'])
  const hashes = ['from-file', 'built-in'].map((run) => readRunRecord(join(folder, run))!.configuration_hash)
  assert.is(hashes[0], hashes[1])
})

test('every built-in experiment and variant, printed as a file and read again, is the same configuration', () => {
  for (const definition of Object.values(experiments)) {
    if (definition.name === 'custom') continue
    for (const variant of [undefined, ...Object.keys(definition.variants ?? {})]) {
      const path = join(folder, `${definition.name}.yaml`)
      writeFileSync(path, initText(definition.name, variant))
      const fromFile = requested(path, {})
      const builtIn = requested(definition.name, { variant })
      assert.is(fromFile.definition, definition)
      const [read, own] = [fromFile, builtIn].map(({ sources }) =>
        readConfig(definition.defaults, sources, variantChanges(definition)),
      )
      assert.equal(read, own, `${definition.name} ${variant}`)
    }
  }
})

test('what infoflow init prints is complete and valid, and every key is explained', () => {
  for (const name of ['custom', 'szt', 'mnist', 'spiral', 'binning', 'proxy', 'noise-levels', 'single-neuron']) {
    const text = initText(name)
    assert.ok(configSchema.safeParse(parse(text)).success, name)
    for (const line of text.split('\n')) assert.ok(line.length <= 220, line)
  }
  assert.equal(parse(initText('szt', 'relu')).network.layers[0], { width: 10, activation: 'relu' })
  const schema = JSON.parse(schemaText())
  const keys = Object.entries<{ properties?: object }>(schema.properties).flatMap(([key, { properties = {} }]) => [
    key,
    ...Object.keys(properties).map((inner) => `${key}.${inner}`),
  ])
  assert.equal(keys.sort(), Object.keys(configTexts).sort())
})

test('the schema that editors get is the one in use', () => {
  const published = readFileSync(new URL('../../src/experiments/config.schema.json', import.meta.url), 'utf8')
  assert.is(
    published,
    schemaText(),
    'write it anew: node dist/cli.js init --schema > src/experiments/config.schema.json',
  )
})

test('what infoflow init shows of a key is what a file without it has, but for noise', () => {
  const shown = parse(initText('custom')) as Config
  const { inputs, labels, regime, normalise, ...otherData } = shown.data
  assert.equal([inputs, labels, regime, normalise], ['inputs.npy', 'labels.npy', 'all', 'none'])
  const { network, noise } = shown
  const rest = { ...shown, data: otherData, network: custom.defaults.network, noise: custom.defaults.noise }
  assert.equal(rest, JSON.parse(JSON.stringify(custom.defaults)))
  assert.ok(network.layers.length > 1 && noise.std > 0 && custom.defaults.noise.std === 0)
})

test.run()
