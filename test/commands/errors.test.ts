/** Every mistake on the command line is one clear line and exit code 2, and leaves nothing behind. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testIf } from '../skip.js'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'infoflow-errors-'))
test.after(() => rmSync(folder, { recursive: true }))

function infoflow(...typed: string[]) {
  const arguments_ = ['--import', import.meta.resolve('tsx'), cli, ...typed]
  const { status, stdout, stderr } = spawnSync(process.execPath, arguments_, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

/** The line of a mistake, which must be the only one, after "infoflow: ". */
function mistake(...typed: string[]): string {
  const { status, stdout, stderr } = infoflow(...typed)
  assert.is(status, 2, `exit code of ${typed.join(' ')}: ${stderr}`)
  assert.is(stdout, '')
  assert.match(stderr, /^infoflow: [^\n]+\n$/, 'one line')
  return stderr.slice('infoflow: '.length, -1)
}

test('unknown commands, experiments and options suggest the nearest', () => {
  assert.match(mistake('rnu', 'szt'), /^unknown command 'rnu': did you mean 'run'\?/)
  assert.match(mistake('run', 'stz'), /^unknown experiment 'stz': did you mean 'szt'\?/)
  assert.is(mistake('run', 'szt', '--epoch', '3'), "unknown option '--epoch': did you mean '--epochs'?")
  assert.is(mistake('run', 'szt', '--noise.std=3'), "unknown option '--noise.std': write --set noise.std=VALUE")
})

test('a command line that ends too early says what is missing', () => {
  assert.match(mistake(), /^no command given, expected one of: run, .*estimate.*, adapters, completion/)
  assert.match(mistake('run'), /^run: no experiment given/)
  assert.match(mistake('run', 'szt', '--out'), /^--out: '' is not a value/)
})

test('numbers that are none are quoted as they were typed', () => {
  assert.is(mistake('run', 'szt', '--epochs', '-3'), "--epochs: '-3' is not a whole number >= 1")
  assert.is(
    mistake('run', 'szt', '--seed', 'abc'),
    "--seeds: 'abc' is not a seed from 0 to 4294967295, a range such as 0..31, or several of them: 0..3,7",
  )
})

test('options that exclude each other, or come twice, are not guessed at', () => {
  assert.is(mistake('run', 'szt', '--seed', '1', '--seed', '2'), '--seeds: given 2 times, expected once')
  assert.is(mistake('run', 'szt', '--quick', '--full'), '--quick, --full: given together, expected one of them')
})

test('unknown keys suggest the nearest', () => {
  assert.is(mistake('run', 'szt', '--set', 'noise.sdt=1'), "--set noise.sdt: unknown key: did you mean 'noise.std'?")
})

test('a broken configuration file is shown with line and column', () => {
  writeFileSync(join(folder, 'broken.yaml'), 'seed: 1\nnoise: { std: 0.1\n')
  assert.match(mistake('run', 'szt', '--config', 'broken.yaml'), /^broken.yaml: line \d column \d+: this is not YAML: /)
  writeFileSync(join(folder, 'broken.json'), '{ "seed": 1,\n  "noise": { "std": }')
  assert.match(mistake('run', 'szt', '--config', 'broken.json'), /^broken.json: line 2 column \d+: this is not JSON: /)
  assert.match(mistake('run', 'szt', '--config', 'none.yaml'), /^none.yaml: no such file \(ENOENT\): expected/)
  writeFileSync(join(folder, 'wrong.yaml'), 'noise:\n  std: -0.1\n')
  const line = mistake('run', 'szt', '--config', 'wrong.yaml')
  assert.is(line, 'wrong.yaml: line 2 column 8: noise.std: -0.1 is not a number >= 0')
})

test('a network that does not fit the data is told before anything is opened', () => {
  assert.match(
    mistake('run', 'szt', '--set', 'network.layers.5.width=3'),
    /^network.layers: the last width, 3, is not 2/,
  )
})

test('a folder that cannot be made is told before anything is opened, with --force too', () => {
  writeFileSync(join(folder, 'file'), '')
  assert.match(mistake('run', 'szt', '--out', 'file'), /^file: cannot create the folder: a file of that name is there/)
  assert.match(mistake('run', 'szt', '--out', 'file', '--force'), /^file: cannot create the folder: /)
  assert.match(mistake('run', 'szt', '--out', 'file/run'), /^file\/run: cannot create the folder: .*--out DIR/)
})

testIf(existsSync('/proc/self'), 'no /proc', test, 'where the system makes no folders, nobody waits for one', () =>
  assert.match(mistake('run', 'szt', '--out', '/proc/none/run'), /^\/proc\/none\/run: cannot create the folder: /),
)

test("a folder with somebody's own files is never taken, not even by force", () => {
  mkdirSync(join(folder, 'own'))
  writeFileSync(join(folder, 'own/notes.md'), 'mine')
  for (const more of [[], ['--force']]) {
    assert.match(mistake('run', 'szt', '--out', 'own', ...more), /^own: not empty, and no run's folder: .*--out DIR$/)
  }
  assert.equal(readdirSync(join(folder, 'own')), ['notes.md'])
})

test('a finished run is not overwritten', () => {
  mkdirSync(join(folder, 'mine'))
  writeFileSync(join(folder, 'mine/run.json'), '{"status":"finished"}')
  assert.match(mistake('run', 'szt', '--out', 'mine'), /^mine: holds a run \(finished\): .*--force/)
  assert.is(readFileSync(join(folder, 'mine/run.json'), 'utf8'), '{"status":"finished"}')
})

test('an unknown adapter leaves no folder behind, and costs no run, even with --force', () => {
  assert.match(mistake('run', 'szt', '--adapter', 'no such'), /^(unknown adapter 'no such': known: |no adapter found)/)
  assert.not.ok(readdirSync(folder).includes('results') && readdirSync(join(folder, 'results')).length > 0)
  assert.match(mistake('run', 'szt', '--adapter', 'no such', '--out', 'mine', '--force'), /adapter/)
  assert.is(readFileSync(join(folder, 'mine/run.json'), 'utf8'), '{"status":"finished"}')
})

test('help is not a mistake, and names every experiment and option', () => {
  const { status, stdout, stderr } = infoflow('run', '--help')
  assert.equal([status, stderr], [0, ''])
  for (const part of ['szt', '--full', '--own-replicas', '--set', '--out', 'nats']) {
    assert.ok(stdout.includes(part), part)
  }
})

test('completion offers commands, experiments and options', () => {
  const offered = (...typed: string[]) => infoflow('--get-yargs-completions', 'infoflow', ...typed).stdout.split('\n')
  assert.ok(offered('').includes('run'))
  assert.ok(offered('run', '').includes('szt'))
  assert.ok(offered('run', 'szt', '--own').includes('--own-replicas'))
  assert.match(infoflow('completion').stdout, /complete .*_infoflow_yargs_completions infoflow/)
})

test.run()
