/** The way of docs/own-networks.md from PyTorch to the figure: its own blocks, as they stand there. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { blocks } from '../documents.js'
import { root } from '../example.js'
import { execute, infoflow } from './process.js'

const page = 'docs/own-networks.md'

/** train.py of the MLP; of the LeNet with the lines between imports and training replaced, as the page says. */
export function trainingScript(network: 'mlp' | 'lenet'): string {
  const [whole, middle] = blocks(page, 'python').filter((block) => block.includes('nn.'))
  if (network === 'mlp') return whole
  const [imports, , training] = whole.split(/\n\n/)
  return [imports, middle.trimEnd(), training].join('\n\n')
}

/** The words behind `npx infoflow` in the page's line. */
export function measureWords(): string[] {
  const line = blocks(page, 'sh')
    .flatMap((block) => block.split('\n'))
    .find((one) => one.startsWith('npx infoflow measure net/model.yaml'))!
  return line
    .split(' ')
    .slice(2)
    .map((word) => word.replaceAll("'", ''))
}

/** Trains and exports in an empty folder, then measures; `more` words shorten it. */
export async function walkThrough(python: string, network: 'mlp' | 'lenet', folder: string, ...more: string[]) {
  copyFileSync(join(root, 'scripts/torch_export.py'), join(folder, 'torch_export.py'))
  writeFileSync(join(folder, 'train.py'), trainingScript(network))
  const trained = await execute([python, 'train.py'], { cwd: folder, limit: 600 })
  assert.is(trained.code, 0, trained.stderr)
  const measured = await execute([...infoflow, ...measureWords(), ...more], { cwd: folder, limit: 1800 })
  assert.is(measured.code, 0, measured.stderr)
  return measured
}
