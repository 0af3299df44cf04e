/** What a run leaves behind, in its folder and on the terminal. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { runRecord } from '../../src/commands/run-record.js'
import { packageFolder, versions } from '../../src/commands/versions.js'
import { configurationHash } from '../../src/tables/configuration-hash.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import type { InformationRow, TrainingRow } from '../../src/tables/rows.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { close } from '../close.js'
import { coarsest, mistake, scratch, small, succeed, tiny, type Ending } from './process.js'

const folder = scratch(test)
const out = join(folder, 'tiny')
const typed = ['run', 'szt', ...tiny, '--seed', '3', '--out', 'tiny', '--save-replicas', '2', '--save-weights']
const clustering = ['binned-entropies.arrow', 'clustering.arrow', 'histograms.arrow', 'scatter.arrow']
const activations = ['activations/layer-1.arrow', 'activations/layer-2.arrow']
const tables = ['training.arrow', 'information.arrow', ...clustering, ...activations]
const silent = ['--set', 'noise.std=0']
let tinyRun: Ending

const record = (run: string) => readRunRecord(join(folder, run)) as unknown as Told
const information = (run: string) => readRows<InformationRow>(join(folder, run, 'information.arrow'))
const filesOf = (run: string) =>
  readdirSync(join(folder, run), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, run).length + 1))
    .sort()

test('a run writes its tables, samples, weights, picture and record, and nothing else', async () => {
  tinyRun = await succeed(folder, ...typed)
  const pictures = ['information.png', 'information.svg', 'information.vl.json']
  const weights = ['weights/epoch-0.safetensors', 'weights/epoch-2.safetensors']
  assert.equal(filesOf('tiny'), [...tables, ...pictures, ...weights, 'run.json'].sort())
  assert.equal(readFileSync(join(out, 'information.png')).subarray(1, 4).toString(), 'PNG')
  assert.match(readFileSync(join(out, 'information.svg'), 'utf8'), /^<svg .*<\/svg>\s*$/s)
})

test('elsewhere than on a terminal it speaks in plain lines; results go to stdout, the rest to stderr', () => {
  const { stdout, stderr } = tinyRun
  for (const text of [stdout, stderr]) assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f]/)
  const [adapter, data, header, estimator, training, reproduce, ...rest] = stderr.trimEnd().split('\n')
  assert.match(adapter, /^adapter: .+ - (GPU|software), /)
  assert.match(
    data,
    /^data: icosahedron.*, 4096 inputs of 12 numbers, 2 classes; X is uniform .* log 4096 = 8.318 nats/,
  )
  assert.match(
    header,
    /^szt \(quick\), seed 3: 2 epochs, I\(X;T\) before the first and after 1 of them; expected time \d.* s$/,
  )
  assert.is(estimator, 'estimator: 8 replicas, 8 own replicas, 8 batches, 1 query per input and batch')
  assert.match(training, /^training: 1 network, many steps a dispatch: /)
  assert.match(reproduce, /^reproduce: infoflow run szt --seeds 3 --epochs 2 /)
  assert.match(
    rest.filter((line) => !/^ *\d+ % /.test(line)).join('\n'),
    /^ +epoch .*\n +0 +0\.\d+ .*\n +2 +0\.\d+ .*$/,
  )
  assert.match(stdout, /layer 1 \(10 neurons\)\n +start +0 +8\.3178 .*\n +end +2 +8\.3178 /)
  for (const file of ['information.svg', 'information.png', 'training.arrow', 'activations/', 'run.json']) {
    assert.ok(stdout.includes(`\n  tiny/${file} `), file)
  }
  assert.match(stdout, /\nTime \d.*: calibration .*, training .*, evaluating .*, measuring/)
})

/** Of run.json, what is looked at here. */
interface Told extends ReturnType<typeof runRecord> {
  status: string
  ended: string
}

const quantity = (name: string) => ['', '_corrected', '_se', '_low', '_high'].map((ending) => `${name}${ending}`)
const figures = ['q05', 'q25', 'median', 'q75', 'q95', 'mean']
const columns: Record<string, string[]> = {
  training: 'seed epoch train_loss test_loss train_accuracy test_accuracy learning_rate'.split(' '),
  information: [
    ...['seed', 'epoch', 'layer', 'dimension'],
    ...['mi', 'label_mi', 'h_t', 'h_t_given_x', 'h_t_given_y'].flatMap(quantity),
    ...['mi_ceiling', 'certificate', 'numerical_error', 'step_ratio', 'regime'],
    ...['inputs', 'replicas', 'own_replicas', 'batches', 'queries', 'seconds', 'warnings'],
  ],
  activations: ['seed', 'epoch', 'replica', 'x', 'y', 's'],
  'binned-entropies': 'seed epoch layer dimension bin_width width_in_noise h_bin normalised bins inputs'.split(' '),
  clustering: [
    ...['seed', 'epoch', 'layer', 'dimension', 'noise_std', 'inputs', 'pair_inputs', 'classes'],
    ...['within', 'between'].flatMap((kind) => figures.map((figure) => `${kind}_${figure}`)),
    ...['tightness', 'within_std', 'within_std_in_noise', 'nc1', 'nc2_equinorm', 'nc2_equiangularity', 'nc2_simplex'],
    ...['cosine_within_median', 'cosine_between_median', 'participation_ratio', 'intrinsic_dimension'],
    'coinciding_share',
  ],
  histograms: ['seed', 'epoch', 'layer', 'kind', 'low', 'high', 'counts'],
  scatter: ['seed', 'epoch', 'layer', 'x', 'y', 's1', 's2', 's3'],
}

test('every table has its columns in order, each with a unit, and says which configuration made it', () => {
  for (const table of tables) {
    const { schema, cut } = inspectTable(join(out, table))
    const name = table.replace(/[/.].*/, '')
    assert.not(cut)
    const names = schema.fields.map((field) => field.name)
    assert.equal(names, columns[name], table)
    for (const { name, metadata } of schema.fields) {
      assert.ok(metadata.get('unit') && metadata.get('description'), `${table}: ${name}`)
    }
    const told = (key: string) => schema.metadata.get(key)
    assert.equal([told('schema_version'), told('table'), told('mode')], ['1', name, 'quick'])
    assert.is(told('configuration_hash'), record('tiny').configuration_hash)
    assert.match(told('title')!, /\(quick\)$/)
    assert.equal(Object.keys(JSON.parse(told('columns')!)), names)
  }
})

test('rows come by epoch and layer, with what the run was asked for', () => {
  const training = readRows<TrainingRow>(join(out, 'training.arrow'))
  assert.equal(
    training.map((row) => [row.seed, row.epoch, row.learning_rate]),
    [0, 1, 2].map((epoch) => [3, epoch, 4e-4]),
  )
  const rows = information('tiny')
  const places = rows.map(({ epoch, layer, dimension, regime }) => [epoch, layer, dimension, regime])
  const layers = (epoch: number) => [
    [epoch, 1, 10, 'exact'],
    [epoch, 2, 7, 'all'],
  ]
  assert.equal(places, [...layers(0), ...layers(2)])
  for (const row of rows) {
    const drawn = row.layer === 1 ? 1 : 8 // below layer 2 there is no noise: one replica is exact
    assert.equal([row.replicas, row.own_replicas], [drawn, drawn])
    assert.equal([row.inputs, row.batches, row.queries], [4096, 8, 4096 * 8])
  }
})

test('layer 1 keeps all of its input: log 4096 nats', () => {
  for (const row of information('tiny').filter(({ layer }) => layer === 1)) {
    close([row.mi!, row.mi_corrected!, row.mi_ceiling!], Array(3).fill(Math.log(4096)), 1e-4, `epoch ${row.epoch}`)
  }
})

interface Sample {
  replica: number
  s: Float32Array
}

test('of each input so many samples are kept as were asked for, and weights by the names that PyTorch has', () => {
  for (const [layer, width] of [10, 7].entries()) {
    const rows = readRows<Sample>(join(out, `activations/layer-${layer + 1}.arrow`))
    const drawn = layer === 0 ? 1 : 2 // one sample of layer 1 is all there is
    assert.is(rows.length, 2 * 4096 * drawn)
    assert.ok(rows.every(({ s }) => s.length === width && s.every((value: number) => Math.abs(value) <= 1)))
    assert.equal([...new Set(rows.map(({ replica }) => replica))], [0, 1].slice(0, drawn))
  }
  const weights = readFileSync(join(out, 'weights/epoch-2.safetensors'))
  const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE(0))).toString())
  const shapes = [10, 7, 5, 4, 3, 2].map((width, i) => [width, [12, 10, 7, 5, 4, 3][i]])
  const { __metadata__, ...tensors } = header
  assert.equal(__metadata__.epoch, '2')
  assert.equal(
    Object.values<{ shape: number[] }>(tensors).map(({ shape }) => shape),
    shapes.flatMap((shape) => [shape, [shape[0]]]),
  )
  assert.ok(Object.keys(tensors).every((name, i) => name.endsWith(i % 2 ? '.bias' : '.weight')))
})

test('run.json says all that the numbers come from', () => {
  const told = record('tiny')
  assert.is(told.status, 'finished')
  assert.match(told.title, /\(quick\)$/)
  assert.is(told.mode, 'quick')
  assert.is(told.command, `infoflow ${typed.join(' ').replace('measurement.layers=[1,2]', "'$&'")}`)
  assert.equal(told.configuration.seeds, [3])
  assert.not.match(JSON.stringify(told.configuration), /"auto"/)
  assert.equal(told.configuration.measurement.layers, [1, 2])
  assert.is(told.configuration_hash, configurationHash(told.configuration))
  assert.equal(told.versions, versions())
  assert.is(tinyRun.stderr.split('\n')[0].indexOf(`adapter: ${told.adapter.name} - ${told.adapter.kind}`), 0)
  assert.equal(told.shader_hashes, hashesOfShaders())
  assert.is(told.git_commit, headOfClone())
  assert.ok(new Date(told.started) < new Date(told.ended))
})

/** By hand: sha256 of each file below shaders/. */
function hashesOfShaders(): Record<string, string> {
  const shaders = join(packageFolder, 'shaders')
  const names = readdirSync(shaders, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wgsl'))
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(shaders, name)))
      .digest('hex')
  return Object.fromEntries(names.sort().map((name) => [name, sha256(name)]))
}

function headOfClone(): string | null {
  if (!existsSync(join(packageFolder, '.git'))) return null
  return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: packageFolder, encoding: 'utf8' }).trim()
}

test('without --out a run takes the next free folder; without noise there is nothing to estimate, and that is fine', async () => {
  writeFileSync(join(folder, 'plain.yaml'), 'seeds: 7\nnoise: { std: 0 } # deterministic\ntraining:\n  epochs: 1\n')
  const { stdout } = await succeed(folder, 'run', 'szt', ...small, '--config', 'plain.yaml', '--measurements', '1')
  assert.ok(stdout.includes('\n  results/szt-001/run.json '), stdout)
  assert.equal(record('results/szt-001').configuration.seeds, [7])
  for (const row of information('results/szt-001')) {
    assert.is(row.regime, 'deterministic')
    assert.equal([row.mi, row.mi_corrected, row.mi_se, row.h_t, row.label_mi], Array(5).fill(null))
    assert.match(row.warnings.join(), /deterministic/)
  }
})

test('the one after it takes the next; --set wins over a file, which may be JSON', async () => {
  writeFileSync(join(folder, 'plain.json'), '{ "noise": { "std": 0.5 }, "training": { "epochs": 1, "beta1": 0.5 } }')
  const words = ['--config', 'plain.json', '--set', 'noise.std=0.01', '--measurements', '1', ...coarsest]
  await succeed(folder, 'run', 'szt', ...small, ...words)
  const { configuration } = record('results/szt-002')
  assert.equal([configuration.noise.std, configuration.training.beta1], [0.01, 0.5])
  assert.ok(information('results/szt-002').every(({ mi, regime }) => mi! > 0 && regime !== 'deterministic'))
})

test('a finished run is overwritten with --force only, and then nothing of it is left', async () => {
  const before = readFileSync(join(out, 'run.json'))
  const again = ['run', 'szt', ...small, ...silent, '--epochs', '1', '--measurements', '1', '--out', 'tiny']
  assert.match(await mistake(folder, ...again), /^infoflow: tiny: holds a run \(finished\): .* --force$/)
  assert.equal(readFileSync(join(out, 'run.json')), before)
  await succeed(folder, ...again, '--force')
  assert.is(record('tiny').configuration.noise.std, 0)
  assert.equal(
    filesOf('tiny').filter((file) => /^(activations|weights)/.test(file)),
    [],
  )
})

test.run()
