// The set-up, run on a small project made for the purpose: what it does the first time, that it then has nothing to
// do, and what makes it work again.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const test = suite('set-up', { dir: '' })

// A dependency that is a folder needs no registry; a compiler that copies is fast.
const compiler = `
  const fs = require('fs')
  if (fs.readFileSync('src/cli.ts', 'utf8').includes('broken')) { console.log('cli.ts: broken'); process.exit(2) }
  fs.mkdirSync('dist', { recursive: true })
  for (const file of fs.readdirSync('src')) fs.copyFileSync('src/' + file, 'dist/' + file.replace('.ts', '.js'))`

test.before.each((context) => {
  const dir = (context.dir = realpathSync(mkdtempSync(join(tmpdir(), 'infoflow-setup-'))))
  cpSync(join(root, 'scripts'), join(dir, 'scripts'), { recursive: true })
  write(dir, 'tool/package.json', '{ "name": "tool", "version": "1.0.0" }')
  write(dir, 'package.json', manifest('tool'))
  write(dir, 'compiler.cjs', compiler)
  for (const name of ['tsconfig.json', 'tsconfig.build.json']) write(dir, name, '{}')
  write(dir, 'src/cli.ts', 'console.log(process.argv.slice(2).join(" ")); process.exit(7)')
  npm(dir, 'install', '--package-lock-only')
})

test.after.each((context) => rmSync(context.dir, { recursive: true }))

test('installs and builds a fresh clone, and says so; then there is nothing to do', ({ dir }) => {
  assert.match(setUp(dir), /^infoflow set-up: installing.*\ninfoflow set-up: building.*\n$/)
  assert.ok(existsSync(join(dir, 'node_modules/tool/package.json')))
  assert.ok(existsSync(join(dir, 'node_modules/.bin/infoflow')))
  const start = performance.now()
  assert.is(setUp(dir), '')
  const seconds = (performance.now() - start) / 1000
  assert.ok(seconds < 1, `${seconds} s with nothing to do`)
})

test('builds again after a change of source, and drops outputs whose source is gone', ({ dir }) => {
  write(dir, 'src/old.ts', '')
  setUp(dir)
  rmSync(join(dir, 'src/old.ts'))
  assert.match(setUp(dir), /^infoflow set-up: building.*\n$/)
  assert.not(existsSync(join(dir, 'dist/old.js')))
  rmSync(join(dir, 'dist'), { recursive: true })
  assert.match(setUp(dir), /^infoflow set-up: building.*\n$/)
})

test('installs again when the lockfile changed, or a package is gone', ({ dir }) => {
  setUp(dir)
  rmSync(join(dir, 'node_modules/tool'), { recursive: true })
  assert.match(setUp(dir), 'installing')
  write(dir, 'other/package.json', '{ "name": "other", "version": "1.0.0" }')
  write(dir, 'package.json', manifest('tool', 'other'))
  npm(dir, 'install', '--package-lock-only')
  assert.match(setUp(dir), 'installing')
  assert.ok(existsSync(join(dir, 'node_modules/other/package.json')))
})

test('a build that fails shows why, exits with 1, and is tried again', ({ dir }) => {
  const source = readFileSync(join(dir, 'src/cli.ts'), 'utf8')
  write(dir, 'src/cli.ts', 'broken')
  assert.match(setUp(dir, 1), /cli\.ts: broken[^]*infoflow set-up: npm run build ended with exit code/)
  write(dir, 'src/cli.ts', source)
  assert.match(setUp(dir), 'building')
})

test('two at the same time: one works, the other waits', async ({ dir }) => {
  const both = [0, 1].map(() => spawn(process.execPath, [join(dir, 'scripts/setup.mjs')]))
  const said = both.map(() => '')
  both.forEach((child, i) => child.stderr.on('data', (chunk) => (said[i] += chunk)))
  const codes = await Promise.all(both.map(async (child) => (await once(child, 'close'))[0]))
  assert.equal(codes, [0, 0], said.join())
  assert.is(said.join().split('installing').length - 1, 1, said.join())
})

test('npm start passes arguments on, and the exit code back', ({ dir }) => {
  const { status, stdout } = spawnSync(process.execPath, [join(dir, 'scripts/start.mjs'), '--full'], {
    encoding: 'utf8',
  })
  assert.is(stdout, 'run szt --full\n')
  assert.is(status, 7)
})

test('Ctrl-C during npm start waits for the job to say what it kept, and ends with 130', async ({ dir }) => {
  const job = `process.on('SIGINT', () => setTimeout(() => { console.log('kept'); process.exit(130) }, 300))`
  write(dir, 'src/cli.ts', `${job}; setInterval(() => {}, 1000); console.log('ready')`)
  const start = spawn(process.execPath, [join(dir, 'scripts/start.mjs')], { detached: true })
  let said = ''
  start.stdout.on('data', (chunk) => {
    said += chunk
    // A terminal signals the whole group of processes.
    if (said === 'ready\n') process.kill(-start.pid!, 'SIGINT')
  })
  assert.equal(await once(start, 'close'), [130, null])
  assert.is(said, 'ready\nkept\n')
})

test.run()

function manifest(...folders: string[]): string {
  const dependencies = Object.fromEntries(folders.map((name) => [name, `file:./${name}`]))
  return JSON.stringify({ name: 'x', version: '1.0.0', scripts: { build: 'node compiler.cjs' }, dependencies })
}

function write(dir: string, name: string, text: string): void {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), text)
}

function npm(dir: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('npm', [...args, '--offline'], { cwd: dir, encoding: 'utf8' })
  assert.is(status, 0, stderr)
}

/** Runs the set-up of `dir`, asserts its exit code, and returns what it said. */
function setUp(dir: string, code = 0): string {
  const { status, stderr } = spawnSync(process.execPath, [join(dir, 'scripts/setup.mjs')], { encoding: 'utf8' })
  assert.is(status, code, stderr)
  return stderr
}
