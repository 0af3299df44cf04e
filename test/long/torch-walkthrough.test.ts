/**
 * The way of docs/own-networks.md from PyTorch to the figure exactly as written, of the MLP and of the LeNet: the values that it
 * states, and what must hold of any. COST some five minutes; skipped where Python has no torch.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { walkThrough } from '../commands/torch-walkthrough.js'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'
import { readRows } from '../../src/tables/read.js'
import type { InformationRow } from '../../src/tables/rows.js'

const { python, reason } = findPython('torch', 'python3-torch')

/** Layers that carry noise, and so have an estimate: pools have none of their own. */
for (const [network, estimated] of [
  ['mlp', [1, 2]],
  ['lenet', [1, 3, 6, 7]],
] as const)
  testIf(python !== null, reason, test, `${network}: from PyTorch to the figure, as written`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infoflow-walkthrough-'))
    try {
      const { stderr, stdout } = await walkThrough(python!, network, folder)
      console.log(`${stderr}\n${stdout}`)
      const rows = readRows<InformationRow>(join(folder, 'results/model-001/information.arrow'))
      const found = rows.filter(({ mi }) => mi !== null)
      assert.equal(
        found.map(({ epoch, layer }) => [epoch, layer]),
        [0, 1, 3, 10, 30, 100].flatMap((epoch) => estimated.map((layer) => [epoch, layer])),
      )
      for (const { mi, mi_ceiling, layer, epoch } of found)
        assert.ok(mi! > 0 && mi! <= mi_ceiling! + 1e-3, `layer ${layer}, epoch ${epoch}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

test.run()
