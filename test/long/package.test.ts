/**
 * The package as a stranger gets it: packed, installed into an empty folder, run from there with an empty cache.
 * COST about a minute on 2 cores beside the download of some 300 MB of dependencies.
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageFolder } from '../../src/commands/versions.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { execute, scratch, tiny, type Ending } from '../commands/process.js'

const folder = scratch(test)
const elsewhere = join(folder, 'elsewhere')
const surroundings = { cwd: elsewhere, environment: { INFOFLOW_CACHE: join(folder, 'cache') }, limit: 900 }

async function fine(what: string, ending: Promise<Ending>): Promise<Ending> {
  const { code, stdout, stderr, seconds } = await ending
  assert.is(code, 0, `${what}: ${stdout}${stderr}`)
  process.stdout.write(`${what}: ${seconds.toFixed(1)} s\n`)
  return ending
}

test('what is packed is what a run needs, and nothing else', async () => {
  mkdirSync(elsewhere)
  await fine('npm pack', execute(['npm', 'pack', '--pack-destination', folder], { cwd: packageFolder, limit: 900 }))
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  const { stdout } = await fine('tar', execute(['tar', '-tzf', tarball], { cwd: folder }))
  const names = stdout.trim().split('\n')
  for (const wanted of [
    'dist/cli.js',
    'dist/index.d.ts',
    'shaders/noise.wgsl',
    'package.json',
    'README.md',
    'docs/tables.md',
    'page/main.js',
    'scripts/torch_export.py',
    'LICENSE',
  ]) {
    assert.ok(names.includes(`package/${wanted}`), wanted)
  }
  const expected =
    /^package\/((dist|shaders|fonts|page|docs)\/|scripts\/(bench_peer|torch_export)\.py$|[^/]+\.(json|md|cff)$|LICENSE$|src\/experiments\/config\.schema\.json$)/
  const strays = names.filter((name) => !expected.test(name))
  assert.equal(strays, [])
  const lint = await fine(
    'publint',
    execute(['npx', '--yes', 'publint@0.3.25', join(folder, tarball)], { cwd: folder }),
  )
  assert.match(lint.stdout, /All good!/)
  const types = ['npx', '--yes', '-p', '@arethetypeswrong/cli@0.18.5', 'attw', '--profile', 'esm-only', '--no-color']
  await fine('attw', execute([...types, join(folder, tarball)], { cwd: folder, limit: 300 }))
  await fine('npm install', execute(['npm', 'install', '--no-audit', '--no-fund', join('..', tarball)], surroundings))
})

test('its adapters and a run of two epochs, from an empty folder and an empty cache', async () => {
  const { stdout } = await fine('npx infoflow adapters', execute(['npx', 'infoflow', 'adapters'], surroundings))
  assert.match(stdout, /^\* {2}\S/m)
  await fine('npx infoflow run szt', execute(['npx', 'infoflow', 'run', 'szt', ...tiny, '--seeds', '1'], surroundings))
  const run = join(elsewhere, 'results/szt-001')
  const { status, git_commit } = readRunRecord(run)!
  assert.equal([status, git_commit], ['finished', null])
  const layers = readRows(join(run, 'information.arrow')).map(({ epoch, layer }) => [epoch, layer])
  assert.equal(
    layers,
    [0, 2].flatMap((epoch) => [1, 2].map((layer) => [epoch, layer])),
  )
  assert.is(inspectTable(join(run, 'training.arrow')).schema.metadata.get('schema_version'), '1')
  assert.ok(readdirSync(run).includes('information.png'))
})

test('it is a library as well', async () => {
  const script =
    "import('infoflow').then(({ openMachine, readRows }) => console.log(typeof openMachine, typeof readRows))"
  const { stdout } = await fine("import('infoflow')", execute([process.execPath, '-e', script], surroundings))
  assert.is(stdout, 'function function\n')
})

test.run()
