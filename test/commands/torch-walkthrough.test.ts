/**
 * From a PyTorch MLP to the figure, as docs/own-networks.md says it; the LeNet, which takes longer, is in test/long.
 * COST some 15 s of a core.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'
import { readRows } from '../../src/tables/read.js'
import type { InformationRow, TrainingRow } from '../../src/tables/rows.js'
import { coarsest, scratch } from './process.js'
import { walkThrough } from './torch-walkthrough.js'

const { python, reason } = findPython('torch', 'python3-torch')
const folder = scratch(test)

testIf(python !== null, reason, test, 'docs/own-networks.md leads from a PyTorch MLP to the figure', async () => {
  const { stderr, stdout } = await walkThrough(python!, 'mlp', folder, ...coarsest)
  assert.match(stderr, /^data: inputs\.npy, 1024 inputs of 10 numbers, 2 classes; X is uniform on exactly these/m)
  assert.match(stderr, /^custom \(quick\), seed 1: 6 files of weights, no training, I\(X;T\) at 6 epochs/m)
  const run = join(folder, 'results/model-001')
  assert.ok(existsSync(join(run, 'information.png')))
  const rows = readRows<InformationRow>(join(run, 'information.arrow'))
  assert.equal(
    rows.map(({ epoch, layer }) => [epoch, layer]),
    [0, 1, 3, 10, 30, 100].flatMap((epoch) => [1, 2].map((layer) => [epoch, layer])),
  )
  assert.ok(rows.every(({ mi, mi_ceiling }) => mi! > 0 && mi! <= mi_ceiling! + 1e-4))
  const of = (at: number) => rows.find(({ epoch, layer }) => epoch === at && layer === 2)!.mi!
  assert.ok(of(100) < of(1) - 1, 'layer 2 has lost more than a nat')
  const training = readRows<TrainingRow>(join(run, 'training.arrow'))
  assert.ok(training.at(-1)!.train_accuracy! > 0.99 && training.at(-1)!.test_loss === null)
  const said = stdout.replace(/\s+/g, ' ')
  assert.match(said, /There is no test set\./)
  assert.match(said, /Noise 0\.1 was not part of training, which had none as far as the configuration says/)
})

test.run()
