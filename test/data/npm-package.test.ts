// Fetching by a stand-in for npm, which lays whatever archive the test made where npm would.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageFiles, type PinnedPackage } from '../../src/data/npm-package.js'
import { skip } from '../skip.js'
import { mistaken } from './input-error.js'

const test = suite('npm package')
const folder = mkdtempSync(join(os.tmpdir(), 'infoflow-package-'))
const path = process.env.PATH
test.after.each(() => void (process.env.PATH = path))
test.after(() => rmSync(folder, { recursive: true }))

const content = Buffer.from('seven bytes, and some more')
const pinned: PinnedPackage = {
  name: '@some/data@1.2.3',
  size: '1 kB',
  files: { 'data/numbers': createHash('sha256').update(content).digest('hex') },
  otherwise: 'bring it by hand',
}
const sound = gzipSync(tar({ 'package/index.js': Buffer.from('throw 1'), 'package/data/numbers': content }))

let made = 0
const fresh = () => join(folder, `cache-${made++}`)

const story = (name: string, run: () => void) =>
  process.platform === 'win32' ? skip(test, name, 'npm is stood in for by a shell script') : test(name, run)

story('fetched once, kept under its name, and read from there afterwards without npm', () => {
  const cache = fresh()
  const told: string[] = []
  const announce = (line: string) => void told.push(line)
  npmGives(sound)
  assert.equal(packageFiles(pinned, [cache], announce).get('data/numbers'), content)
  assert.equal(readdirSync(cache), ['some-data-1.2.3.tgz'])
  noNpm()
  assert.equal([...packageFiles(pinned, [cache], announce).keys()], ['data/numbers'])
  assert.equal(told, ['fetching @some/data@1.2.3 with npm (1 kB, once)'])
})

story('other content, no such file and what is no archive are refused, and leave nothing in the cache', () => {
  const cache = fresh()
  const changed = tar({ 'package/data/numbers': Buffer.from('seven bytes, and some less') })
  const whole = tar({ 'package/data/numbers': content })
  const wrong: [Buffer, RegExp][] = [
    [gzipSync(changed), /data\/numbers: sha256 is [0-9a-f]{16}\.\.\., expected [0-9a-f]{16}/],
    [gzipSync(tar({ 'package/data/other': content })), /no file data\/numbers in it/],
    [Buffer.from('<html>'), /cannot be unpacked: incorrect header check/],
    [sound.subarray(0, 60), /cannot be unpacked: unexpected end of file/],
    [gzipSync(whole.subarray(0, 520)), /the tar archive is damaged at byte 0/],
  ]
  for (const [archive, pattern] of wrong) {
    npmGives(archive)
    mistaken(() => packageFiles(pinned, [cache]), pattern)
    assert.equal(readdirSync(cache), [])
  }
})

story('a damaged copy in the cache is fetched again', () => {
  const cache = fresh()
  mkdirSync(cache)
  writeFileSync(join(cache, 'some-data-1.2.3.tgz'), sound.subarray(0, 100))
  npmGives(sound)
  assert.equal(packageFiles(pinned, [cache]).get('data/numbers'), content)
  noNpm()
  assert.is(packageFiles(pinned, [cache]).size, 1)
})

story('without npm, or where npm fails, the error says why and what to do instead', () => {
  const cache = fresh()
  noNpm()
  mistaken(
    () => packageFiles(pinned, [cache]),
    /could not fetch @some\/data@1\.2\.3: there is no npm/,
    /; bring it by hand$/,
  )
  npmDoes('echo "npm warn not this" >&2; echo "npm error code ENOTFOUND" >&2; exit 1')
  mistaken(() => packageFiles(pinned, [cache]), /1\.2\.3: code ENOTFOUND; bring it by hand$/)
  npmDoes('exit 3')
  mistaken(() => packageFiles(pinned, [cache]), /it failed without a word/)
  npmDoes('exit 0')
  mistaken(() => packageFiles(pinned, [cache]), /left no archive; bring it by hand$/)
  assert.equal(readdirSync(cache), [])
})

story('a cache that cannot be made is passed over for the next; without any the error names them', () => {
  const blocked = join(folder, 'a-file')
  writeFileSync(blocked, '')
  const second = fresh()
  npmGives(sound)
  packageFiles(pinned, [join(blocked, 'x'), second])
  assert.ok(existsSync(join(second, 'some-data-1.2.3.tgz')))
  mistaken(() => packageFiles(pinned, [join(blocked, 'x')]), /no folder to keep it in: .*a-file.*INFOFLOW_CACHE/)
})

test.run()

/** An npm that runs these lines of the shell. */
function npmDoes(lines: string): void {
  const bin = join(folder, `bin-${made++}`)
  mkdirSync(bin)
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(bin, 'npm'), 0o755)
  process.env.PATH = `${bin}:${path}`
}

function npmGives(archive: Buffer): void {
  const file = join(folder, `archive-${made++}`)
  writeFileSync(file, archive)
  npmDoes(`test "$1 $2 $3" = "pack ${pinned.name} --ignore-scripts" || exit 1
cp '${file}' "$npm_config_pack_destination/some-data-1.2.3.tgz"`)
}

function noNpm(): void {
  process.env.PATH = join(folder, 'no-such-folder')
}

/** A tar archive as npm makes them. */
function tar(files: Record<string, Buffer>): Buffer {
  const parts = Object.entries(files).flatMap(([name, bytes]) => {
    const head = Buffer.alloc(512)
    head.write(name)
    head.write(bytes.length.toString(8).padStart(11, '0'), 124)
    head.write('0', 156)
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}
