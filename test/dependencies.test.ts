// What infoflow needs to run: each package is justified in NOTES.md, with its size, and under a licence that anybody may work with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { read, root } from './example.js'

interface Packages {
  packages: Record<string, { dev?: boolean; optional?: boolean; license?: string; peer?: boolean }>
}

/** Those that leave a program's own licence alone; of MPL-2.0 files stay what they are, and none is changed here. */
const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0', 'Unlicense']

/** By licence, the packages that are installed to run, those of other platforms too. */
function licences(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const { packages } = JSON.parse(read('package-lock.json')) as Packages
  for (const [path, { dev, license }] of Object.entries(packages)) {
    if (path === '' || dev) continue
    const licence = licenceIn(path) ?? license ?? 'none'
    found.set(licence, (found.get(licence) ?? new Set()).add(path.split('node_modules/').at(-1)!))
  }
  return found
}

/** What the package itself says; undefined where it is not installed here. */
function licenceIn(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { license?: string }).license
  } catch {
    return undefined
  }
}

const notes = read('NOTES.md')

test('every package that is needed to run is under a licence of the list', () => {
  const found = licences()
  assert.ok(found.get('MIT')!.has('zod') && found.get('Apache-2.0')!.has('apache-arrow'))
  const strange = [...found]
    .filter(([licence]) => !allowed.includes(licence))
    .map(([licence, names]) => [licence, ...names])
  assert.equal(strange, [])
})

test('NOTES lists the licences', () => {
  for (const [licence, names] of licences())
    assert.ok(notes.includes(`\n| ${licence} | `), `${licence}: ${[...names].join(', ')}`)
})

test('NOTES says of every package why it is there, and its size', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const row = notes.split('\n').find((line) => line.startsWith('|') && line.split('|')[1].includes(`\`${name}\``))
    assert.match(row ?? '', /\| [^|]{10,} \| .*\d (kB|MB)[^|]* \|$/, name)
  }
})

test.run()
