import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { icosahedron } from '../../src/data/icosahedron.js'
import type { Config } from '../../src/experiments/config.js'
import { readConfig, type OptionValue, type Sources } from '../../src/experiments/read-config.js'
import { findExperiment } from '../../src/experiments/registry.js'
import { applyMode, settle, toDraft, toExperiment } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-config-'))
const file = join(folder, 'run.yaml')
test.after(() => rmSync(folder, { recursive: true }))

function read(sources: Sources = {}, text?: string) {
  if (text !== undefined) writeFileSync(file, text)
  return readConfig(szt.defaults, text === undefined ? sources : { file, ...sources })
}

/** The one line that a mistake gives, without the file's folder. */
function mistake(sources: Sources, text?: string): string {
  try {
    read(sources, text)
  } catch (error) {
    assert.instance(error, InputError)
    const { message } = error as Error
    assert.is(message.split('\n').length, 1, 'one line')
    return message.replaceAll(`${folder}/`, '')
  }
  return assert.unreachable('no mistake was found') as never
}

const epochs = (typed: string): OptionValue => ['--epochs', 'training.epochs', typed]

test('the values of the experiment are a configuration by themselves', () => {
  assert.equal(read(), szt.defaults)
  assert.equal(read({}, ''), szt.defaults)
  assert.equal(read({}, '# nothing but a comment\n'), szt.defaults)
})

test('options win over --set, --set over the file, the file over the experiment', () => {
  const text = 'seeds: 7\nnoise: { std: 0.1 }\ntraining: { epochs: 3, batchSize: 64 }\n'
  const config = read({ sets: ['noise.std=0.2', 'training.epochs=4', 'noise.std=0.3'], options: [epochs('5')] }, text)
  assert.equal(config.seeds, [7])
  assert.is(config.noise.std, 0.3)
  assert.is(config.training.epochs, 5)
  assert.is(config.training.batchSize, 64)
  assert.is(config.training.learningRate, 4e-4)
})

test('JSON is read like YAML, tabs and all', () => {
  assert.is(read({}, '{\n\t"noise": {\n\t\t"std": 0.01\n\t},\n\t"seeds": 3\n}\n').noise.std, 0.01)
})

test('--set reaches lists, and what is in them', () => {
  const config = read({ sets: ['measurement.layers=[1, 5]', 'network.layers.0.width=8', 'save.weights=true'] })
  assert.equal(config.measurement.layers, [1, 5])
  const widths = ({ network }: Config) => network.layers.map((layer) => 'width' in layer && layer.width)
  assert.equal(widths(config), [8, 7, 5, 4, 3, 2])
  assert.is(config.save.weights, true)
  assert.is(widths(szt.defaults)[0], 10, 'the experiment itself is left as it was')
})

test('a wrong value in a file is shown with its line and column', () => {
  const text = 'seeds: 7\n\nnoise:\n  std: -0.1\n'
  assert.is(mistake({}, text), 'run.yaml: line 4 column 8: noise.std: -0.1 is not a number >= 0')
  const words = mistake({}, 'training:\n  epochs: many\n')
  assert.is(words, "run.yaml: line 2 column 11: training.epochs: 'many' is not a whole number >= 1")
  const empty = mistake({}, 'training:\n  batchSize:\n')
  assert.match(empty, /^run.yaml: line 2 column \d+: training.batchSize: nothing is not a whole number >= 1$/)
})

test('a list is checked entry by entry', () => {
  const text = 'measurement:\n  layers: [1, 2, 2.5]\n'
  const line = mistake({}, text)
  assert.is(line, 'run.yaml: line 2 column 18: measurement.layers.2: 2.5 is not a whole number >= 1')
  const activation = mistake({ sets: ['network.layers.1.activation=tahn'] })
  assert.is(activation, "--set network.layers.1.activation: 'tahn' is not tanh, relu, leaky-relu, sigmoid or linear")
  assert.is(
    mistake({ sets: ['network.layers.9.width=1'] }),
    "--set network.layers.9.width: '9' is not an index from 0 to 5",
  )
})

test('an unknown key suggests the nearest, at the place of the key', () => {
  assert.is(
    mistake({}, 'noise:\n  sdt: 0.1\n'),
    "run.yaml: line 2 column 3: noise.sdt: unknown key: did you mean 'noise.std'?",
  )
  assert.is(mistake({ sets: ['trainig.epochs=3'] }), "--set trainig.epochs: unknown key: did you mean 'training'?")
  assert.is(mistake({ sets: ['nois.std=0.1'] }), "--set nois.std: unknown key: did you mean 'noise'?")
  assert.is(mistake({ sets: ['std=0.1'] }), "--set std: unknown key: did you mean 'noise.std'?")
  assert.match(mistake({ sets: ['zzzzzzzzz=1'] }), /unknown key; the top-level keys are experiment, .*, save$/)
  assert.match(mistake({ sets: ['__proto__.x=1'] }), /__proto__.* unknown key/)
  assert.match(mistake({}, '__proto__: { x: 1 }'), /__proto__.* unknown key/)
})

test('in a layer its own keys and types are the ones to suggest', () => {
  const layer = (text: string) => mistake({ sets: [`network.layers=[{${text}}, {width: 2, activation: linear}]`] })
  assert.match(
    layer('width: 3, activaton: tanh'),
    /0\.activaton: unknown key: did you mean 'network\.layers\.0\.activation'\?$/,
  )
  assert.match(
    layer('width: 3, activation: tanh, kernel: 3'),
    /0\.kernel: unknown key; the keys of network\.layers\.0 are type, width, activation, noiseStd$/,
  )
  assert.match(layer('type: conv2, width: 3, activation: tanh'), /'conv2' is not a layer: .*: did you mean conv2d\?$/)
  const normalise = ['experiment=custom', 'data.normalise={maen: 0, std: 1}']
  assert.match(mistake({ sets: normalise }), /data\.normalise/)
})

test('broken YAML is shown with its line and column', () => {
  assert.match(
    mistake({}, 'seeds: 1\nnoise: [1, 2\ntraining: 3\n'),
    /^run.yaml: line \d+ column \d+: this is not YAML: /,
  )
  assert.match(mistake({}, 'seeds: 1\nseeds: 2\n'), /^run.yaml: line 2 column 1: seeds is there twice/)
  assert.match(mistake({}, '- 1\n- 2\n'), /^run.yaml: a list is not a group of keys/)
})

test('a file that is not there, or is a folder, is a mistake too', () => {
  assert.match(mistake({ file: join(folder, 'none.yaml') }), /^none.yaml: no such file \(ENOENT\): expected/)
  assert.match(mistake({ file: folder }), /: a folder \(EISDIR\): expected a YAML or JSON file$/)
})

test('aliases that would fill the memory are refused at once', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)
  assert.match(mistake({}, `a0: &a0 [x, x]\n${levels.join('\n')}\n`), /aliases/)
  assert.match(mistake({}, 'noise: &loop\n  std: *loop\n'), /^run.yaml: line 2 column \d+: noise.std: /)
})

test('options are quoted as they were typed', () => {
  assert.is(mistake({ options: [epochs('-3')] }), "--epochs: '-3' is not a whole number >= 1")
  assert.is(mistake({ options: [epochs('')] }), "--epochs: '' is not a whole number >= 1")
  assert.is(mistake({ options: [epochs('[1')] }), "--epochs: '[1' is not a whole number >= 1")
  const seed = mistake({ options: [['--seeds', 'seeds', 'abc']] })
  const form = 'a seed from 0 to 4294967295, a range such as 0..31, or several of them: 0..3,7'
  assert.is(seed, `--seeds: 'abc' is not ${form}`)
  for (const typed of ['1e17', '.nan', '5..3', '-1', '1..', '0.5']) {
    assert.is(mistake({ options: [['--seeds', 'seeds', typed]] }), `--seeds: '${typed}' is not ${form}`)
  }
  assert.is(
    mistake({ options: [['--seeds', 'seeds', '1,2,1']] }),
    "--seeds: '1,2,1' is not a list of seeds without repeats",
  )
  assert.is(mistake({ options: [['--seeds', 'seeds', '0..99999']] }), "--seeds: '0..99999' is not at most 10000 seeds")
})

test('values that do not go together are named together', () => {
  const shares = ['measurement.batches=16', 'measurement.replicas=24']
  assert.is(mistake({ sets: shares }), '--set measurement.replicas: 24 is not a multiple of measurement.batches, 16')
  const own = ['measurement.ownReplicas=8', 'measurement.replicas=16']
  assert.is(mistake({ sets: own }), '--set measurement.ownReplicas: 8 is not >= measurement.replicas, 16')
  const saved = ['measurement.replicas=2', 'measurement.batches=2', 'save.replicas=3']
  assert.is(mistake({ sets: saved }), '--set save.replicas: 3 is not <= measurement.replicas, 2')
  const layers = mistake({ sets: ['measurement.layers=[1, 6]'] })
  assert.is(layers, '--set measurement.layers: measurement.layers.1: 6 is not among the hidden layers, 1 to 5')
  assert.match(mistake({ sets: ['measurement.epochs=[3, 1]'] }), /1 is not > 3, the one before it/)
  assert.match(mistake({ sets: ['measurement.epochs=[1]', 'measurement.count=4'] }), /4 is not to be given together/)
  assert.match(mistake({ sets: ['training.epochs=2', 'measurement.epochs=[1, 3]'] }), /3 is not among the epochs up to/)
  assert.match(mistake({}, 'experiment: mnist\n'), /^run.yaml: line 1 column 13: experiment: 'mnist' is not 'szt'/)
})

test('an unknown experiment suggests the nearest', () => {
  assert.is(findExperiment('szt'), szt)
  assert.throws(
    () => findExperiment('stz'),
    (e: Error) => e instanceof InputError && /did you mean 'szt'/.test(e.message),
  )
  assert.throws(
    () => findExperiment('toString'),
    (e: Error) => e instanceof InputError,
  )
})

const picked = { seeds: [1], epochs: 500, measurements: 40, replicas: 16, ownReplicas: 256, batches: 16, queries: 1 }

/** The configuration and the experiment that come of --set and options, with `picked` as the calibration's choice. */
function prepared(sources: Sources) {
  const config = applyMode(read(sources), szt)
  const draft = toDraft(config, icosahedron())
  const settled = settle(config, picked)
  return { settled, experiment: toExperiment(settled, draft) }
}

test('what nobody gave is picked, what was given stays', () => {
  const { settled, experiment } = prepared({ sets: ['measurement.replicas=32'], options: [epochs('100')] })
  assert.is(settled.training.epochs, 100)
  assert.is(settled.measurement.count, 40)
  assert.equal([settled.measurement.replicas, settled.measurement.ownReplicas], [32, 256])
  assert.equal(experiment.measurement.layers, [1, 2, 3, 4, 5])
  assert.is(experiment.measuredEpochs.length, 1 + 40)
})

test("--full is the paper's length, and epoch 0 besides", () => {
  const { experiment } = prepared({ sets: ['mode=full'] })
  assert.is(experiment.training.epochs, 10_000)
  assert.is(experiment.measuredEpochs.length, 1 + 84)
  assert.equal([experiment.measuredEpochs[0], experiment.measuredEpochs.at(-1)], [0, 10_000])
  for (const epoch of experiment.measuredEpochs) assert.ok(experiment.evaluatedEpochs.includes(epoch))
})

test('as many replicas are picked as are to be saved, in whole shares', () => {
  assert.is(prepared({ sets: ['save.replicas=17'] }).settled.measurement.replicas, 32)
})

test('an explicit list of epochs is taken as it is', () => {
  const { settled, experiment } = prepared({ sets: ['mode=full', 'measurement.epochs=[0, 7]'] })
  assert.equal(experiment.measuredEpochs, [0, 7])
  assert.is(settled.measurement.count, 2)
})

test('a calibration that breaks the rules is our fault, and no mistake of the person', () => {
  const config = applyMode(read({ sets: ['measurement.batches=3'] }), szt)
  assert.throws(
    () => settle(config, picked),
    (error: Error) => error instanceof TypeError,
  )
})

test('a given value that does not go with a picked one is told with the way out', () => {
  const told = (...sets: string[]) => {
    try {
      prepared({ sets })
      return 'no mistake'
    } catch (error) {
      assert.instance(error, InputError)
      return (error as Error).message
    }
  }
  const asGiven = 'which was picked as none was given: give it as well'
  assert.is(
    told('measurement.replicas=20'),
    `measurement.replicas: 20 is not a multiple of measurement.batches, 16, ${asGiven}`,
  )
  assert.is(
    told('measurement.epochs=[0, 501]'),
    `measurement.epochs.1: 501 is not among the epochs up to training.epochs, 500, ${asGiven}`,
  )
})

test('a network that does not fit the data is a mistake', () => {
  const wide = { sets: ['network.layers.5.width=3'] }
  assert.throws(() => prepared(wide), /network.layers: the last width, 3, is not 2/)
  const many = { sets: ['training.trainCount=5000'] }
  assert.throws(() => prepared(many), /training.trainCount: 5000 is not <= 4096/)
})

test.run()
