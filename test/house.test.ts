// The rules of the house, proved on the files themselves: who may import whom, what belongs together, and what no
// file should hold.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { importCycles, levelViolations } from './house/levels.js'
import { importGraph, importsOf, isBarrel, projectFiles, read } from './house/sources.js'

const test = suite('house')
const files = projectFiles()
const graph = importGraph(files)
const code = files.filter((file) => /^(src|scripts|test|shaders|page)\/.*\.(ts|mjs|js|wgsl)$/.test(file))

test('a file imports only from lower levels or its own place', () => {
  none(levelViolations(graph))
})

test('no import leads back to where it came from', () => {
  none(importCycles(graph))
})

test('the rules see upward, sideways and circular imports when there are some', () => {
  const imports = importsOf(
    'network/a.ts',
    `import type { A } from '../training/b.js'\nexport * from '../errors.js'\nawait import('./c.js')`,
  )
  assert.equal(imports, ['training/b.ts', 'errors.ts', 'network/c.ts'])
  assert.is(levelViolations(new Map([['network/a.ts', imports]])).length, 1)
  assert.is(
    levelViolations(
      new Map([
        ['report/a.ts', ['training/b.ts']],
        ['attic/a.ts', []],
      ]),
    ).length,
    2,
  )
  assert.is(
    levelViolations(
      new Map([
        ['machine/a.ts', ['plan.ts']],
        ['report/a.ts', ['tables/b.ts']],
      ]),
    ).length,
    0,
  )
  assert.equal(
    importCycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
    ['b -> c -> b'],
  )
})

test('every shader has its host half and its test, and neither stands alone', () => {
  const shaders = stems('shaders/', '.wgsl')
  // Texts included by several shaders may have a host half too; kernel.ts is the interface of all.
  const known = [...shaders, ...stems('shaders/shared/', '.wgsl')]
  const [hosts, tests] = [stems('src/kernels/', '.ts'), stems('test/kernels/', '.test.ts')]
  none([
    ...without(shaders, hosts).map((stem) => `shaders/${stem}.wgsl has no src/kernels/${stem}.ts`),
    ...without(shaders, tests).map((stem) => `shaders/${stem}.wgsl has no test/kernels/${stem}.test.ts`),
    ...without(hosts, [...known, 'kernel']).map((stem) => `src/kernels/${stem}.ts has no shader`),
    ...without(tests, known).map((stem) => `test/kernels/${stem}.test.ts has no shader`),
  ])
})

test('src/index.ts alone re-exports', () => {
  const sources = files.filter((file) => /^src\/.*\.ts$/.test(file) && file !== 'src/index.ts')
  none(sources.filter((file) => file.endsWith('/index.ts') || isBarrel(read(file))))
  assert.ok(isBarrel(`export * from './a.js'`))
})

test('no file is longer than 400 lines', () => {
  const long = code
    .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 400)
  none(long.map(({ file, lines }) => `${file}: ${lines} lines`))
})

test('a name says what is inside', () => {
  none(files.filter((file) => /(^|[/._-])(utils?|helpers?)([/._-]|$)/i.test(file)))
})

test('every suite runs, and nothing follows the last .run()', () => {
  const tests = files.filter((file) => file.endsWith('.test.ts'))
  none(tests.filter((file) => !/^\S+\.run\(\)$/m.test(read(file)) || suitesWithoutRun(read(file)).length > 0))
})

test('no text names a folder of the machine it was written on', () => {
  // Only where a path starts: the same name further down (src, then work) is no folder of the machine.
  const machinePath = /(?<![\w.})\]-])\/(root|work|tmp|home)\//
  none(files.filter((file) => !isBinary(file) && machinePath.test(read(file))))
})

test('package-lock.json names no registry, and every package that npm ci asks for', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }
  const entries = Object.entries(packages)
  // npm ci refuses a lockfile without an entry for each platform's optional package, even for platforms not in use.
  const locked = new Set(entries.map(([path]) => path.replace(/^.*node_modules\//, '')))
  none(entries.filter(([, one]) => one.resolved?.startsWith('http')).map(([path, one]) => `${path}: ${one.resolved}`))
  none(entries.flatMap(([path, one]) => without(wantedBy(one), [...locked]).map((name) => `${path} wants ${name}`)))
})

test.run()

interface LockedPackage {
  resolved?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

function wantedBy({ dependencies, optionalDependencies }: LockedPackage): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies })
}

function stems(folder: string, ending: string): string[] {
  const inside = files.filter((file) => file.startsWith(folder) && file.endsWith(ending))
  return inside.map((file) => file.slice(folder.length, -ending.length)).filter((stem) => !stem.includes('/'))
}

function without(all: string[], some: string[]): string[] {
  return all.filter((one) => !some.includes(one))
}

/** Names of the suites that a test file declares (`test` where it imports uvu's own) but never runs. */
function suitesWithoutRun(text: string): string[] {
  const imported = /import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(text) ? ['test'] : []
  const declared = [...text.matchAll(/^const (\w+) = suite\b/gm)].map((match) => match[1])
  return [...imported, ...declared].filter((name) => !text.includes(`\n${name}.run()`))
}

function isBinary(file: string): boolean {
  return read(file).includes('\0')
}

/** Fails with one line for each violation; the stack would only repeat them. */
function none(violations: string[]): void {
  if (violations.length > 0) throw Object.assign(new Error(violations.join('\n    ')), { stack: '' })
}
