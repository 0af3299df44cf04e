// Which files a pattern means, and of which epoch and seed they are.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { writeSafetensors } from '../../src/tables/safetensors.js'
import { checkpoints } from '../../src/weights/checkpoints.js'
import { scratchFolder } from '../tables/sample-run.js'

const scratch = scratchFolder(test)
let count = 0

/** A folder with these files, each with the metadata given; ONNX files and others are empty. */
function folderOf(files: Record<string, Record<string, string>> | string[]): string {
  const folder = join(scratch, `case-${++count}`)
  mkdirSync(folder)
  for (const [name, metadata] of Array.isArray(files)
    ? files.map((one) => [one, {}] as const)
    : Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    if (name.endsWith('.safetensors')) writeSafetensors(path, [], metadata)
    else writeFileSync(path, '')
  }
  return folder
}

/** Epochs by name, of one folder. */
const found = (folder: string, ...patterns: string[]) =>
  checkpoints(patterns.map((pattern) => join(folder, pattern))).map(({ path, seed, epoch }) => [
    path.slice(folder.length + 1),
    seed,
    epoch,
  ])

function refuses(folder: string, pattern: string, message: RegExp): void {
  try {
    checkpoints([join(folder, pattern)])
  } catch (error) {
    assert.instance(error, InputError)
    return assert.match((error as Error).message, message)
  }
  assert.unreachable('it was taken')
}

const epochOf = (name: string) => found(folderOf([name]), name)[0].slice(1)

test('an epoch is in the metadata, in the name, or nowhere', () => {
  const names: [string, number][] = [
    ['epoch-000010.safetensors', 10],
    ['model_10.safetensors', 10],
    ['model10.safetensors', 10],
    ['model.10.safetensors', 10],
    ['ckpt-0100-loss0.3.safetensors', 100],
    ['mlp-20-acc97.safetensors', 20],
    ['epoch=9-step=1000.safetensors', 9],
    ['step1000_of_5000.safetensors', 1000],
    ['run2-epoch3-v2.safetensors', 3],
    ['szt-v2.safetensors', 0],
    ['lr1e-3.safetensors', 0],
    ['final.safetensors', 0],
    ['checkpoint-500/model.safetensors', 500],
    ['results-7/model.safetensors', 0],
    ['model-20251231235959.safetensors', 0],
    ['net-30.onnx', 30],
  ]
  for (const [name, epoch] of names) assert.equal(epochOf(name), [undefined, epoch], name)
  const folder = folderOf({ 'a-1.safetensors': { epoch: '20' }, 'a-2.safetensors': { epoch: 'last' } })
  assert.equal(found(folder, '*'), [
    ['a-2.safetensors', undefined, 2],
    ['a-1.safetensors', undefined, 20],
  ])
})

test('seeds come from metadata, names and folders; the order is seed, then epoch', () => {
  const folder = folderOf({
    'weights/seed-2/epoch-0.safetensors': {},
    'weights/seed-1/epoch-100.safetensors': {},
    'weights/seed-1/epoch-20.safetensors': {},
    'weights/seed-10/epoch-5.safetensors': { seed: '7' },
    'weights/epoch-3.safetensors': {},
    'weights/seed3-epoch-4.safetensors': {},
  })
  const all = [
    ['weights/epoch-3.safetensors', undefined, 3],
    ['weights/seed-1/epoch-20.safetensors', 1, 20],
    ['weights/seed-1/epoch-100.safetensors', 1, 100],
    ['weights/seed-2/epoch-0.safetensors', 2, 0],
    ['weights/seed3-epoch-4.safetensors', 3, 4],
    ['weights/seed-10/epoch-5.safetensors', 7, 5],
  ]
  assert.equal(found(folder, 'weights'), all)
  assert.equal(found(folder, '.'), all)
  assert.equal(found(folder, '**/*.safetensors'), all)
  assert.equal(found(folder, 'weights', '**/epoch-0.safetensors'), all)
  assert.equal(found(folder, 'weights/seed-?/epoch-*0.safetensors'), [all[1], all[2], all[3]])
  assert.equal(found(folder, 'weights/seed-*'), [all[1], all[2], all[3], all[5]])
})

test('one file a seed needs no epoch', () => {
  const folder = folderOf(['seed-1/model.safetensors', 'seed-2/model.safetensors'])
  assert.equal(
    found(folder, '**/*.safetensors').map(([, ...rest]) => rest),
    [
      [1, 0],
      [2, 0],
    ],
  )
})

test('the format is told', () => {
  const folder = folderOf(['a-1.onnx', 'b-2.safetensors'])
  assert.equal(
    checkpoints([folder]).map(({ format }) => format),
    ['onnx', 'safetensors'],
  )
})

test('brackets and dots are letters, and a path that exists is taken by its letters', () => {
  const folder = folderOf(['a[1].onnx', 'b*2.onnx', 'bb2.onnx', 'c.d4.onnx', 'cxd5.onnx'])
  assert.equal(found(folder, 'a[1]*')[0][0], 'a[1].onnx')
  assert.equal(found(folder, 'b*2.onnx'), [['b*2.onnx', undefined, 2]])
  assert.equal(found(folder, 'c.d?.onnx'), [['c.d4.onnx', undefined, 4]])
})

test('a file is taken once, whatever leads to it; hidden ones and links in a circle are left out', () => {
  const folder = folderOf(['e-1.safetensors', '.hidden-2.safetensors', 'deep/e-3.safetensors'])
  symlinkSync(folder, join(folder, 'deep', 'round'))
  symlinkSync(join(folder, 'nothing'), join(folder, 'e-4.safetensors'))
  symlinkSync(join(folder, 'e-1.safetensors'), join(folder, 'best.safetensors'))
  const epochs = (...patterns: string[]) => found(folder, ...patterns).map(([, , epoch]) => epoch)
  assert.equal(epochs('**/*.safetensors'), [1, 3])
  assert.equal(epochs('e-1.safetensors', './e-1.safetensors', 'e-*', 'best*'), [1])
  assert.equal(epochs('best.safetensors'), [0])
})

test('two files of one epoch and seed are named', () => {
  const folder = folderOf(['a-1.safetensors', 'b-1.safetensors', 'seed-3/c-1.safetensors', 'seed-3/d-1.safetensors'])
  refuses(folder, '*.safetensors', /a-1\.safetensors and .*b-1\.safetensors are both epoch 1: expected one of each/)
  refuses(folder, 'seed-3', /c-1\.safetensors and .*d-1\.safetensors are both epoch 1 of seed 3/)
})

test('several files, one without an epoch', () => {
  const folder = folderOf(['epoch-1.safetensors', 'best.safetensors'])
  refuses(folder, '*', /best\.safetensors: of which epoch\? .*name it such as epoch-10\.safetensors, or leave it out/)
})

test('a pattern that nothing matches, with what lies there', () => {
  const folder = folderOf(['model_1.pt', 'model_2.pt', 'notes.txt'])
  const holds = /case-\d+ holds model_1\.pt, model_2\.pt, notes\.txt; convert pickles with scripts\/torch_export\.py/
  refuses(folder, '*.safetensors', holds)
  refuses(folder, '.', holds)
  refuses(folder, 'model.safetensors', holds)
  refuses(folder, 'there/deep/*', holds)
  refuses(folderOf([]), '*', /holds nothing; check the path/)
})

test('files that are no safetensors, and parts of one model', () => {
  const folder = folderOf(['model-00001-of-00003.safetensors', 'e-1.pt'])
  refuses(folder, 'model*', /part 1 of 3 of a model: save it in one file/)
  writeFileSync(join(folder, 'e-1.pt'), 'PK\x03\x04'.padEnd(30, '\0') + 'archive/data.pkl')
  refuses(folder, '*.pt', /e-1\.pt: a Python pickle .* scripts\/torch_export\.py/)
})

test.run()
