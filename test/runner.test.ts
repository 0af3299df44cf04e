// The test runner, run on small test files made for the purpose: each way in which a file can look fine and is not.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const skipModule = JSON.stringify(pathToFileURL(join(root, 'test/skip.ts')).href)
const passing = `test('passes', () => {})`
const failing = `test('fails', () => { throw new Error('on purpose') })`

const test = suite('runner', { dir: '' })

test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'infoflow-runner-'))
  symlinkSync(join(root, 'node_modules'), join(context.dir, 'node_modules'), 'junction')
  writeFileSync(join(context.dir, 'package.json'), '{ "type": "module" }')
})

test.after.each((context) => rmSync(context.dir, { recursive: true }))

test('adds up what passed, over files and folders', ({ dir }) => {
  write(dir, 'one.test.ts', passing, 'test.run()')
  write(dir, 'inner/two.test.ts', passing, passing, 'test.run()')
  expect(run(dir), 0, '3 passed, 0 failed')
})

test('a failing test fails the run, and its message is shown', ({ dir }) => {
  write(dir, 'one.test.ts', passing, failing, 'test.run()')
  write(dir, 'two.test.ts', passing, 'test.run()')
  const output = expect(run(dir), 1, '2 passed, 1 failed')
  assert.match(output, 'on purpose')
  assert.match(output, 'failed: ')
})

test('a throwing before hook fails, though uvu ends with exit code 0', ({ dir }) => {
  write(dir, 'hook.test.ts', `test.before(() => { throw new Error('hook') })`, passing, passing, 'test.run()')
  expect(run(dir), 1, '0 passed, 2 failed')
})

test('throwing each hooks fail, though uvu ends with exit code 0', ({ dir }) => {
  const hook = (name: string) => `test.${name}.each(() => { throw new Error('hook') })`
  write(dir, 'hook.test.ts', hook('before'), hook('after'), passing, 'test.run()')
  expect(run(dir), 1, '0 passed, 1 failed')
})

test('a forgotten .run() fails', ({ dir }) => {
  write(dir, 'forgotten.test.ts', passing)
  const output = expect(run(dir), 1, '0 passed, 1 failed')
  assert.match(output, 'is .run() missing?')
})

test('an empty file fails beside one that passes', ({ dir }) => {
  write(dir, 'good.test.ts', passing, 'test.run()')
  writeFileSync(join(dir, 'empty.test.ts'), '')
  expect(run(dir), 1, '1 passed, 1 failed')
})

test('a second round after an await does not hide the failure of the first', ({ dir }) => {
  const wait = 'await new Promise((done) => setTimeout(done, 50))'
  write(
    dir,
    'rounds.test.ts',
    failing,
    'test.run()',
    wait,
    `const other = suite()`,
    `other('passes', () => {})`,
    'other.run()',
  )
  assert.is(run(dir).status, 1)
})

test('a process that dies after its last test fails', ({ dir }) => {
  write(dir, 'dies.test.ts', passing, 'test.run()', `process.on('exit', () => process.kill(process.pid, 'SIGKILL'))`)
  const output = expect(run(dir), 1, '1 passed, 1 failed')
  assert.match(output, 'SIGKILL')
})

test('no matching file is a failure', ({ dir }) => {
  write(dir, 'one.test.ts', passing, 'test.run()')
  const output = expect(run(dir, 'nothing-like-it'), 1, '0 passed, 0 failed')
  assert.match(output, 'no test file matches nothing-like-it')
})

test('a pattern picks files, and long ones run only when asked', ({ dir }) => {
  write(dir, 'one.test.ts', passing, 'test.run()')
  write(dir, 'two.test.ts', failing, 'test.run()')
  write(dir, 'long/three.test.ts', passing, passing, 'test.run()')
  expect(run(dir, 'one'), 0, '1 passed, 0 failed')
  expect(run(dir, '--long'), 0, '2 passed, 0 failed')
})

test('a skip is printed with its reason above the last line, and does not fail', ({ dir }) => {
  write(dir, 'skips.test.ts', passing, `skip(test, 'needs a GPU', 'no GPU here')`, 'test.run()')
  write(dir, 'only-skips.test.ts', `testIf(false, 'nor here', test, 'also', () => {})`, 'test.run()')
  const lines = expect(run(dir), 0, '1 passed, 0 failed').trimEnd().split('\n')
  assert.match(lines.at(-3)!, /^skipped: .*only-skips\.test\.ts: also: nor here$/)
  assert.match(lines.at(-2)!, /^skipped: .*skips\.test\.ts: needs a GPU: no GPU here$/)
})

test('a skip without a reason, or a forgotten .only, fails', ({ dir }) => {
  write(dir, 'silent.test.ts', passing, `test.skip('silent', () => {})`, 'test.run()')
  write(dir, 'only.test.ts', `test.only('alone', () => {})`, passing, 'test.run()')
  const output = expect(run(dir), 1, '2 passed, 2 failed')
  assert.match(output, 'left out without a reason')
})

test('nothing but skips is a failure: nothing was shown', ({ dir }) => {
  write(dir, 'skips.test.ts', `skip(test, 'needs a GPU', 'no GPU here')`, 'test.run()')
  expect(run(dir), 1, '0 passed, 0 failed')
})

test('a file that hangs is ended, with the process it started', ({ dir }) => {
  const child = `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`
  write(
    dir,
    'hangs.test.ts',
    `import { spawn } from 'node:child_process'`,
    `test('hangs', () => new Promise(() => ${child}))`,
    'test.run()',
  )
  const output = expect(run(dir, '--timeout', '2'), 1, '0 passed, 1 failed')
  assert.match(output, 'ended after its 2 s were over')
})

test('files can run side by side', ({ dir }) => {
  for (const name of ['a', 'b', 'c']) write(dir, `${name}.test.ts`, passing, 'test.run()')
  expect(run(dir, '--jobs', '2'), 0, '3 passed, 0 failed')
})

test('an unknown option is one line and exit code 2', ({ dir }) => {
  const { status, stderr } = run(dir, '--job', '2')
  assert.is(status, 2)
  assert.match(stderr, /^npm test: .*--job/)
})

test.run()

function write(dir: string, name: string, ...lines: string[]): void {
  const imports = [`import { suite, test } from 'uvu'`, `import { skip, testIf } from ${skipModule}`]
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), [...imports, ...lines, 'void [suite, skip, testIf]'].join('\n'))
}

function run(dir: string, ...args: string[]) {
  const command = [join(root, 'scripts/test.mjs'), '--dir', dir, ...args]
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
}

/** Asserts exit code and last line; returns what was printed. */
function expect({ status, stdout, stderr }: ReturnType<typeof run>, code: number, lastLine: string): string {
  assert.is(stdout.trimEnd().split('\n').at(-1), lastLine, stdout + stderr)
  assert.is(status, code, stdout + stderr)
  return stdout
}
