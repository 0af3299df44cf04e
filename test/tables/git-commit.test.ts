import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gitCommit } from '../../src/tables/git-commit.js'
import { scratchFolder } from './sample-run.js'

const scratch = scratchFolder(test)
const a = 'a'.repeat(40)
const b = 'b'.repeat(40)

function clone(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, name, path)), { recursive: true })
    writeFileSync(join(scratch, name, path), `${text}\n`)
  }
  return join(scratch, name)
}

test('a branch in a file of its own, in packed-refs, or none', () => {
  const head = 'ref: refs/heads/main'
  const packed = `# pack-refs with: peeled\n${a} refs/heads/main-2\n${b} refs/heads/main`
  assert.is(gitCommit(clone('loose', { '.git/HEAD': head, '.git/refs/heads/main': a, '.git/packed-refs': packed })), a)
  assert.is(gitCommit(clone('packed', { '.git/HEAD': head, '.git/packed-refs': packed })), b)
  assert.is(gitCommit(clone('detached', { '.git/HEAD': a })), a)
  assert.is(gitCommit(clone('unborn', { '.git/HEAD': head })), null)
})

test('a worktree finds its branch in the common folder', () => {
  const common = clone('common', {
    '.git/HEAD': a,
    '.git/refs/heads/side': b,
    '.git/worktrees/side/HEAD': 'ref: refs/heads/side',
    '.git/worktrees/side/commondir': '../..',
  })
  assert.is(gitCommit(clone('side', { '.git': `gitdir: ${join(common, '.git/worktrees/side')}` })), b)
})

test("an installed package does not take the commit of somebody else's repository around it", () => {
  const around = clone('around', { '.git/HEAD': a, 'node_modules/infoflow/package.json': '{}' })
  assert.is(gitCommit(join(around, 'node_modules/infoflow')), null)
  assert.is(gitCommit(join(scratch, 'nowhere')), null)
})

test.run()
