/** A network and data of one's own: a file that describes them, trained, and measured again from the weights it kept. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { measureRequest } from '../../src/commands/measure-request.js'
import type { Typed } from '../../src/commands/run-options.js'
import { requested } from '../../src/commands/run-request.js'
import { initText, schemaText } from '../../src/commands/init-text.js'
import { configSchema, type Config } from '../../src/experiments/config.js'
import { configTexts } from '../../src/experiments/config-texts.js'
import { custom } from '../../src/experiments/custom.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyData, applyMode, toDraft } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'
import { InputError } from '../../src/errors.js'
import { readRows } from '../../src/tables/read.js'
import { writeSafetensors } from '../../src/tables/safetensors.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import type { InformationRow, NoiseLevelRow, TrainingRow } from '../../src/tables/rows.js'
import { coarsest, mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const inputs = 96

/** The bytes of an .npy file, version 1.0. */
function npy(descr: string, shape: number[], data: Float32Array | Int32Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  return Buffer.concat([start, Buffer.from(header), Buffer.from(data.buffer)])
}

const yaml = `
data: {inputs: x.npy, labels: y.npy}
network:
  layers:
    - {width: 3, activation: tanh, noiseStd: 0.02}
    - {width: 2, activation: tanh}
    - {width: 2, activation: linear}
noise: {std: 0.1}
training: {epochs: 3, batchSize: 32}
measurement: {epochs: [0, 1, 3]}
`

test.before(() => {
  mkdirSync(join(folder, 'mine'))
  const x = Float32Array.from({ length: 4 * inputs }, (_, i) => Math.sin(12.9898 * i * i))
  const y = Int32Array.from({ length: inputs }, (_, i) => (x[4 * i] * x[4 * i + 1] > 0 ? 1 : 0))
  writeFileSync(join(folder, 'mine/x.npy'), npy('<f4', [inputs, 4], x))
  writeFileSync(join(folder, 'mine/y.npy'), npy('<i4', [inputs], y))
  writeFileSync(join(folder, 'mine/my.yaml'), yaml)
})

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
  assert.match(stderr, /^custom \(quick\), seeds 4..5: 6 files of weights, no training, I\(X;T\) at 3 epochs/m)
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

const typedMistakes: [words: string[], line: RegExp][] = [
  [['run', 'custom'], /^infoflow: custom: no network, no data: write a file \(infoflow init > my\.yaml\)/],
  [['run', 'mine/my.yaml', '--set', 'data.labels=none.npy'], /none\.npy/],
  [
    ['measure', 'szt', '--weights', 'results/my-001/weights/seed-4/epoch-3.safetensors'],
    /epoch-3\.safetensors does not fit the network: layer 1 .*\[10, 12\].*; layer 2 .*nothing is left/,
  ],
  [
    ['run', 'mine/my.yaml', '--weights', 'x'],
    /unknown option '--weights': run trains; infoflow measure takes --weights$/,
  ],
  [['measure', 'mine/my.yaml', '--wieghts', 'x'], /unknown option '--wieghts': did you mean '--weights'\?$/],
]

test('a mistake is one line, exit code 2, and no folder', async () => {
  for (const [words, line] of typedMistakes) {
    assert.match(await mistake(folder, ...words, '--out', 'wrong'), line, words.join(' '))
    assert.not(existsSync(join(folder, 'wrong')))
  }
})

const file = join(folder, 'mine/my.yaml')
const weights = [join(folder, 'results/my-001/weights/seed-4/epoch-3.safetensors')]
const mistakes: [what: () => unknown, line: RegExp][] = [
  [() => requested('none.yaml', {}), /^none\.yaml: no such file \(ENOENT\): expected a YAML or JSON file$/],
  [() => requested(file, { config: file }), /two files, expected one/],
  [() => requested(file, { variant: 'relu' }), /infoflow init EXPERIMENT --variant relu$/],
  [() => measureRequest(file, {}), /^--weights: nothing given, expected files/],
  [
    () => measureRequest(file, { weights: ['mine/*.onnx'] }),
    /^mine\/\*\.onnx: no \.safetensors or \.onnx file matches/,
  ],
  [() => measureRequest(file, { weights, 'noise-std': '0,1' }), /^--noise-std: '0' is not a number > 0/],
  [() => measureRequest(file, { weights, 'noise-std': 'much' }), /^--noise-std: 'much' is not a number >= 0/],
  [() => measureRequest(file, { weights, seeds: '7' }), /^seeds: no weights of seed 7: .* of 4: try --seeds 4$/],
  [() => measureRequest('mixture', { weights }), /^mixture: has no network to measure/],
  [
    () => measureRequest(join(folder, 's/noise-1'), {}),
    /noise-1: this run kept no weights: run it with --save-weights/,
  ],
  [() => initText('stz'), /^unknown experiment 'stz': did you mean 'szt'\?/],
  [() => initText('szt', 'rleu'), /^unknown variant of szt 'rleu': did you mean 'relu'\?/],
  [
    () => readConfig(custom.defaults, { sets: ['noise.std=0.1'] }),
    /^network\.layers: a list is not a list of 2 layers or more$/,
  ],
  [() => readConfig(szt.defaults, { sets: ['data.inputs=x.npy'] }), /'x\.npy' is not a key of szt, only of custom/],
]

/** A file of weights for my.yaml, and what is told of it. */
const badWeights: [name: string, write: (path: string) => void, line: RegExp][] = [
  ['extra', written({ 'fc.weight': [2, 2] }), / does not fit the network: no layer takes fc\.weight \[2, 2\]/],
  ['missing', written({}, ['4.weight', '4.bias']), /layer 3 \(dense\) needs .* and nothing is left for it/],
  [
    'shape',
    written({ '2.weight': [3, 2] }),
    /layer 2 \(dense\) needs a weight \[2, 3\] .* found 2\.weight \[3, 2\] .*transposed/,
  ],
  ['nan', written({}, [], NaN), /: 0\.weight\[0, 0\] is NaN \(and 11 more\).*: expected finite weights/],
  [
    'pickle',
    (path) => writeFileSync(path, '\x80\x02}q\x00.', 'latin1'),
    /a Python pickle .*can run code .*torch_export\.py/,
  ],
  ['cut', (path) => cut(path, 300), /cannot be read as safetensors: .* it is cut, damaged or of another format/],
  ['lie', (path) => lie(path), /: a header of 1099511627776 bytes does not fit the file's 64: it is cut/],
  ['whole', (path) => quantised(path), /2\.weight \[2, 3\] of I64: expected real numbers .*\.float\(\)/],
]

test('weights that do not fit are refused, with all that does not', async () => {
  for (const [name, write, line] of badWeights) {
    const path = join(folder, `${name}.safetensors`)
    write(path)
    await refused({ weights: [path] }, line)
  }
})

test('counts of data and labels that differ, numbers that are none, a header that lies', async () => {
  const sound = readFileSync(join(folder, 'mine/x.npy'))
  writeFileSync(join(folder, 'mine/y90.npy'), npy('<i4', [90], new Int32Array(90)))
  writeFileSync(join(folder, 'mine/nan.npy'), npy('<f4', [inputs, 4], new Float32Array(4 * inputs).fill(NaN)))
  writeFileSync(
    join(folder, 'mine/lie.npy'),
    sound.toString('latin1').replace('(96, 4,', '(9600000, 4,').replace(' '.repeat(5), ''),
    'latin1',
  )
  const data = (key: string, file: string) => ({ weights, set: [`data.${key}=${join(folder, 'mine', file)}`] })
  await refused(data('labels', 'y90.npy'), /y90\.npy: 90 labels for the 96 inputs of .*x\.npy: expected one an input/)
  await refused(data('inputs', 'nan.npy'), /nan\.npy: row 0: component 0 .* is NaN: expected finite numbers/)
  await refused(data('inputs', 'lie.npy'), /lie\.npy: cannot be read as a NumPy array: \d+ bytes where \d+ should be/)
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

test('and each says where, what, and what to do', () => {
  for (const [what, line] of mistakes)
    assert.throws(what, (error: Error) => line.test(error.message) || fail(error, line))
})

/** Of my.yaml's network, tensors of these shapes changed or added, some left out, layer 1 filled with a value. */
function written(shapes: Record<string, number[]>, without: string[] = [], value = 0.5) {
  const all: Record<string, number[]> = {
    ...{ '0.weight': [3, 4], '0.bias': [3], '2.weight': [2, 3], '2.bias': [2], '4.weight': [2, 2], '4.bias': [2] },
    ...shapes,
  }
  const tensors = Object.entries(all).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
    return { name, shape, data: name === '0.weight' ? data.fill(value) : data }
  })
  return (path: string) =>
    writeSafetensors(
      path,
      tensors.filter(({ name }) => !without.includes(name)),
      {},
    )
}

function cut(path: string, bytes: number): void {
  written({})(path)
  writeFileSync(path, readFileSync(path).subarray(0, bytes))
}

/** 64 bytes that say their header has 2^40. */
function lie(path: string): void {
  const bytes = Buffer.alloc(64, ' ')
  bytes.writeBigUInt64LE(2n ** 40n)
  bytes.write('{', 8)
  writeFileSync(path, bytes)
}

/** Layer 2 in whole numbers, as a quantised network has them. */
function quantised(path: string): void {
  const parts: [string, string, number[], number][] = [
    ['0.weight', 'F32', [3, 4], 48],
    ['0.bias', 'F32', [3], 12],
    ['2.weight', 'I64', [2, 3], 48],
    ['2.bias', 'F32', [2], 8],
    ['4.weight', 'F32', [2, 2], 16],
    ['4.bias', 'F32', [2], 8],
  ]
  let end = 0
  const entries = parts.map(([name, dtype, shape, size]) => {
    end += size
    return [name, { dtype, shape, data_offsets: [end - size, end] }]
  })
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  writeFileSync(path, Buffer.concat([length, header, Buffer.alloc(end)]))
}

/** That measuring my.yaml so is a mistake of the person, said in that line, before anything is measured. */
async function refused(typed: Typed, line: RegExp): Promise<void> {
  try {
    const { definition, config } = measureRequest(file, typed)
    const moded = applyMode(config, definition)
    const data = await definition.data(moded)
    toDraft(applyData(moded, data, definition.weights), data, definition.weights)
  } catch (error) {
    assert.instance(error, InputError)
    const { message } = error as Error
    assert.ok(line.test(message) && !message.includes('\n'), `${message}: expected ${String(line)}`)
    return
  }
  assert.unreachable(`taken: ${String(line)}`)
}

function fail(error: Error, line: RegExp): never {
  throw new Error(`${error.message}: expected ${String(line)}`)
}

test.run()
