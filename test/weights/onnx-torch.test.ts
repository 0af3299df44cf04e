/**
 * What torch.onnx.export writes, of an MLP, LeNet and others, computes in infoflow what it computes in PyTorch.
 * COST some 5 s of a core, most of it PyTorch's start.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import { readOnnx } from '../../src/weights/onnx.js'
import { close } from '../close.js'
import { root } from '../example.js'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'
import { scratchFolder } from '../tables/sample-run.js'
import { logitsOf } from './forward.js'
import { logSoftmax } from './onnx-semantics.js'

/** Outputs are of the size of 1: 1e-5 is 168 roundings of f32, in which PyTorch computes as well. */
const acceptance = 1e-5

const { python, reason } = findPython('torch', 'python3-torch')
const folder = scratchFolder(test)
let versions: string[] | undefined

function exported(name: string) {
  const script = join(root, 'test/weights/torch_onnx.py')
  versions ??= execFileSync(python!, [script, folder], { encoding: 'utf8', timeout: 120_000 }).split(' ')
  const text = readFileSync(join(folder, `${name}.json`), 'utf8')
  const { inputs, outputs } = JSON.parse(text) as { inputs: number[]; outputs: number[] }
  return { model: readOnnx(join(folder, `${name}.onnx`)), inputs, outputs }
}

const cases = ['mlp', 'mlp-of-images', 'mlp-fixed-batch', 'lenet', 'lenet-old-list', 'global-pool']

for (const name of [...cases, 'small', 'small-unfolded'])
  testIf(python !== null, reason, test, `${name}, from PyTorch`, async () => {
    const { model, inputs, outputs } = exported(name)
    const logits = [...(await logitsOf(model, inputs))]
    const isLog = name.startsWith('small')
    const found = isLog ? logSoftmax({ shape: [3, 3], data: logits }).data : logits
    close(found, outputs, acceptance, `${name}, PyTorch ${versions?.[0]}`)
  })

test.run()
