/**
 * The bundle as a cluster's node gets it: unpacked into a folder with a space in its name, called with no Node and
 * nothing else on the PATH, no network, no home, no place for a cache, in a folder that cannot be written.
 * COST some 20 s on 2 cores.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageFolder, versions } from '../src/commands/versions.js'
import { readRows } from '../src/tables/read.js'
import { coarsest, execute, scratch, small, type Ending } from './commands/process.js'
import { skip, testIf } from './skip.js'

interface Elf {
  requirements(bytes: Buffer): { libraries: string[]; versions: string[] }
  highest(versions: string[]): Map<string, string>
  symbolsAt(bytes: Buffer, version: string): string[]
  askingFor(bytes: Buffer, from: string, to: string): Buffer
}
const elf = (await import(new URL('../scripts/bundle/elf.mjs', import.meta.url).href)) as Elf

const folder = scratch(test)
const cluster = join(folder, 'a cluster node')
const results = join(folder, 'results')
const nowhere = join(folder, 'nowhere')
const name = `infoflow-${versions().infoflow}-linux-x64`
const infoflow = join(cluster, name, 'infoflow')
const ours = { HOME: '', XDG_CACHE_HOME: '', TMPDIR: nowhere, INFOFLOW_CACHE: join(nowhere, 'cache') }

const isTarget = process.platform === 'linux' && process.arch === 'x64'
const onLinux = testIf.bind(null, isTarget, 'a bundle is for Linux on x64, and made there', test)

/** A process of its own without network, where the folder $0 is read-only and the PATH is $1. */
const seal = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && export PATH="$1" && shift && exec "$@"'
const sealed = ['unshare', '--map-root-user', '--net', '--mount', 'sh', '-c', seal]
const canSeal = isTarget && (await tried([...sealed, folder, nowhere, '/bin/true']))
if (isTarget && !canSeal) skip(test, 'no network, a read-only folder', 'this kernel lets no user shut them off')

/** `infoflow ...typed` out of the bundle, which must end well. */
async function bundled(command: string, ...typed: string[]): Promise<Ending> {
  const words = canSeal ? [...sealed, cluster, nowhere, command, ...typed] : [command, ...typed]
  const environment = canSeal ? ours : { ...ours, PATH: nowhere }
  const ending = await execute(words, { cwd: results, environment })
  assert.is(ending.code, 0, `${typed.join(' ')}: ${ending.stderr}`)
  process.stdout.write(`infoflow ${typed.slice(0, 2).join(' ')}: ${ending.seconds.toFixed(1)} s\n`)
  return ending
}

async function tried(words: string[]): Promise<boolean> {
  return execute(words, { cwd: folder }).then(
    ({ code }) => code === 0,
    () => false,
  )
}

async function make(out: string): Promise<string> {
  const command = [process.execPath, 'scripts/bundle.mjs', '--out', join(folder, out)]
  const { code, stdout, stderr, seconds } = await execute(command, { cwd: packageFolder, limit: 300 })
  assert.is(code, 0, stderr)
  process.stdout.write(`npm run bundle: ${seconds.toFixed(1)} s\n`)
  return stdout
}

test('of versions the highest is found by number, kind by kind', () => {
  const found = elf.highest(['GLIBC_2.4', 'GLIBC_2.34', 'GLIBC_2.9', 'GLIBC_2.34.1', 'GCC_3.0', 'GLIBC_PRIVATE'])
  assert.equal([...found].sort(), [
    ['GCC', '3.0'],
    ['GLIBC', '2.34.1'],
  ])
})

onLinux('what a program asks of the system is read from the program: this Node, which runs', () => {
  const { libraries, versions: asked } = elf.requirements(readFileSync(process.execPath))
  assert.ok(libraries.includes('libc.so.6'))
  const { glibcVersionRuntime: here } = (process.report.getReport() as { header: Record<string, string> }).header
  const floor = elf.highest(asked).get('GLIBC')!
  assert.is(elf.highest([`X_${here}`, `X_${floor}`]).get('X'), here, `asks for ${floor}, runs on ${here}`)
})

onLinux('a symbol is asked for at an older version, and nothing else changes', () => {
  const bytes = readFileSync(join(packageFolder, 'node_modules/webgpu/dist/linux-x64/dawn.node'))
  const [newer, older] = ['GLIBCXX_3.4.30', 'GLIBCXX_3.4.11']
  const [wait, ...rest] = elf.symbolsAt(bytes, newer)
  assert.equal([wait, rest], ['_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE', []])
  const changed = elf.askingFor(bytes, newer, older)
  assert.equal(elf.symbolsAt(changed, older), [...elf.symbolsAt(bytes, older), wait].sort())
  const left = elf.requirements(bytes).versions.filter((version) => version !== newer)
  assert.equal(elf.requirements(changed).versions, left)
  assert.ok(bytes.filter((byte, i) => byte !== changed[i]).length <= 8)
  assert.throws(() => elf.askingFor(bytes, newer, 'GLIBCXX_9.9'), /GLIBCXX_9\.9/)
})

onLinux(
  'one archive under 60 MB, its sha256 beside it, and what it needs is said; made again, the same bytes',
  async () => {
    const said = await make('first')
    assert.match(said, /^needs glibc 2\.\d+ or newer \(measured: .*GLIBCXX 3\.4\.\d+.*\)$/m)
    assert.equal(readdirSync(join(folder, 'first')).sort(), [`${name}.tar.gz`, `${name}.tar.gz.sha256`])
    const bytes = readFileSync(join(folder, 'first', `${name}.tar.gz`))
    assert.ok(bytes.length < 60e6, `${bytes.length} bytes`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.is(readFileSync(join(folder, 'first', `${name}.tar.gz.sha256`), 'utf8'), `${sha256}  ${name}.tar.gz\n`)
    assert.match(await make('second'), `sha256 ${sha256}`)
  },
)

onLinux('unpacked, it holds one platform, no types, maps or tests, and the licences', async () => {
  for (const one of [cluster, results]) mkdirSync(one)
  const archive = join(folder, 'first', `${name}.tar.gz`)
  const { code, stderr } = await execute(['tar', '-xzf', archive], { cwd: cluster })
  assert.equal([code, stderr], [0, ''])
  const files = (readdirSync(join(cluster, name), { recursive: true }) as string[]).sort()
  const strays = files.filter((file) =>
    /\.(d\.[cm]?ts|map|dll|dylib)$|darwin-|win32|arm64|chromium|typescript/.test(file),
  )
  assert.equal(strays, [])
  for (const text of ['bin/node', 'program/swiftshader/libvulkan.so.1', 'program/fonts/SourceSans3-Regular.ttf'])
    assert.ok(files.includes(text), text)
  const licences = readFileSync(join(cluster, name, 'LICENSES.txt'), 'utf8')
  for (const whose of ['Node.js', 'Dawn & Tint', 'SwiftShader', 'Apache License', 'Mozilla Public License', 'vega '])
    assert.match(licences, whose)
  assert.match(readFileSync(join(cluster, name, 'README.md'), 'utf8'), /glibc 2\.\d+ or newer/)
  assert.ok(existsSync(join(cluster, name, 'program/docs/cluster.md')), 'to which `sweep submit` sends the reader')
})

onLinux('./infoflow runs with nothing on the PATH, no network, no home and nothing to write to', async () => {
  assert.is((await bundled(infoflow, '--version')).stdout, `${versions().infoflow}\n`)
  const { stdout } = await bundled(infoflow, 'adapters')
  assert.match(stdout, /SwiftShader.* software .* embedded/)
})

onLinux('through symbolic links, one relative to the other, from another folder: trains, measures, draws', async () => {
  symlinkSync(infoflow, join(folder, 'link'))
  symlinkSync('link', join(folder, 'infoflow'))
  const sizes = [...small, '--epochs', '2', '--measurements', '1', ...coarsest]
  await bundled('../infoflow', 'run', 'szt', '--adapter', 'SwiftShader', ...sizes, '--out', 'run')
  const rows = readRows(join(results, 'run/information.arrow'))
  assert.equal([...new Set(rows.map(({ epoch }) => epoch))], [0, 2])
  assert.ok(rows.every(({ mi_corrected }) => Number.isFinite(mi_corrected)))
  assert.ok(readdirSync(join(results, 'run')).includes('information.png'))
})

test.run()
