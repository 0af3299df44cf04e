/** What a person gets wrong about a network, weights and data of one's own: each a line that says where, what, and what to do. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { initText } from '../../src/commands/init-text.js'
import { measureRequest } from '../../src/commands/measure-request.js'
import type { Typed } from '../../src/commands/run-options.js'
import { requested } from '../../src/commands/run-request.js'
import { InputError } from '../../src/errors.js'
import { custom } from '../../src/experiments/custom.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyData, applyMode, toDraft } from '../../src/experiments/settle.js'
import { szt } from '../../src/experiments/szt.js'
import { cut, inputs, lie, npy, quantised, writeOwn, written } from './own-files.js'
import { mistake, scratch } from './process.js'

const folder = scratch(test)

test.before(() => {
  writeOwn(folder)
  mkdirSync(join(folder, 'net/seed-4'), { recursive: true })
  written({})(weights[0])
})

const typedMistakes: [words: string[], line: RegExp][] = [
  [['run', 'custom'], /^infoflow: custom: no network, no data: write a file \(infoflow init > my\.yaml\)/],
  [['run', 'mine/my.yaml', '--set', 'data.labels=none.npy'], /none\.npy/],
  [
    ['measure', 'szt', '--weights', 'net/seed-4/epoch-3.safetensors'],
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
const weights = [join(folder, 'net/seed-4/epoch-3.safetensors')]
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

test('and each says where, what, and what to do', () => {
  for (const [what, line] of mistakes)
    assert.throws(what, (error: Error) => line.test(error.message) || fail(error, line))
})

test.run()

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
