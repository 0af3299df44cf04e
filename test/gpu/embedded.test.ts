import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheFolders } from '../../src/cache-folders.js'
import { InputError } from '../../src/errors.js'
import { noAdapter } from '../../src/gpu/adapter.js'
import { embeddedArchive, unpackEmbedded } from '../../src/gpu/embedded.js'
import { loadFailure, systemManifests } from '../../src/gpu/vulkan.js'
import { testIf } from '../skip.js'

const temporary = mkdtempSync(join(os.tmpdir(), 'infoflow-test-'))
test.after(() => rmSync(temporary, { recursive: true }))

const isPackaged = process.platform === 'linux' && process.arch === 'x64'
const packaged = (name: string, run: () => unknown) =>
  testIf(isPackaged, 'the packaged adapter is for Linux on x64', test, name, run)

test('without the package there is nothing embedded, and the error says in one line how to get it', () => {
  assert.is(unpackEmbedded(null), null)
  const { message } = noAdapter('linux', 'x64')
  assert.match(message, /npm i @sparticuz\/chromium@147\.0\.0/)
  assert.match(message, /Vulkan driver/)
  assert.not.match(message, /\n/)
  assert.not.match(noAdapter('darwin', 'arm64').message, /npm i|Vulkan/)
})

test('the package that the error names is the one that package.json pins', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  assert.ok(
    noAdapter('linux', 'x64').message.includes(`@sparticuz/chromium@${optionalDependencies['@sparticuz/chromium']}'`),
  )
})

packaged('the driver is unpacked whole, into one folder named by its hash, and used again', () => {
  const cache = join(temporary, 'fresh', 'deep')
  const first = unpackEmbedded(embeddedArchive(), [cache])!
  assert.equal(readdirSync(cache), ['swiftshader-f957ea867313f981'])
  assert.ok(existsSync(first.loader) && existsSync(first.manifest))
  const unreadable = join(temporary, 'no-such-archive')
  assert.equal(unpackEmbedded(unreadable, [cache]), first, 'a sound copy needs no archive')
})

packaged('a damaged copy is made anew: cut short, one byte changed, a file gone', () => {
  const cache = join(temporary, 'damaged')
  const { loader, manifest } = unpackEmbedded(embeddedArchive(), [cache])!
  const whole = readFileSync(loader)
  const changed = Buffer.from(whole)
  changed[whole.length >> 1] ^= 1
  const damages = [
    () => writeFileSync(loader, whole.subarray(0, 1000)),
    () => writeFileSync(loader, changed),
    () => rmSync(manifest),
  ]
  for (const damage of damages) {
    damage()
    unpackEmbedded(embeddedArchive(), [cache])
    assert.ok(readFileSync(loader).equals(whole) && existsSync(manifest))
    assert.equal(readdirSync(cache).length, 1, 'nothing is left lying about')
  }
})

packaged('an archive of another content is refused and nothing of it is unpacked', () => {
  const archive = join(temporary, 'swiftshader.tar.br')
  copyFileSync(embeddedArchive()!, archive)
  writeFileSync(archive, 'x', { flag: 'a' })
  const cache = join(temporary, 'refused')
  assert.throws(
    () => unpackEmbedded(archive, [cache]),
    (error: unknown) => error instanceof InputError && /sha256 is .+, expected f957ea.+reinstall/.test(error.message),
  )
  assert.not(existsSync(cache))
})

packaged('a cache that cannot be written is passed over; without another the error names the way out', () => {
  const blocked = join(temporary, 'a-file')
  writeFileSync(blocked, '')
  const writable = join(temporary, 'second')
  assert.ok(unpackEmbedded(embeddedArchive(), [blocked, writable])!.loader.startsWith(writable))
  assert.throws(
    () => unpackEmbedded(embeddedArchive(), [blocked]),
    (error: unknown) => error instanceof InputError && /a-file.*INFOFLOW_CACHE/.test(error.message),
  )
})

packaged('what a bundle brought is used as it lies, with no archive and no cache; damaged, the error says so', () => {
  const cache = join(temporary, 'bundled')
  const folder = dirname(unpackEmbedded(embeddedArchive(), [cache])!.loader)
  assert.is(unpackEmbedded(null, [], folder)!.loader, join(folder, 'libvulkan.so.1'))
  writeFileSync(join(folder, 'libvulkan.so.1'), 'x', { flag: 'a' })
  assert.throws(
    () => unpackEmbedded(embeddedArchive(), [cache], folder),
    (error: unknown) => error instanceof InputError && /bundled.*unpack its archive again/.test(error.message),
  )
})

test('the cache is where the user says, else in their cache folder, else in tmp', () => {
  const own = join(os.tmpdir(), `infoflow-${process.getuid?.() ?? 'user'}`)
  assert.equal(cacheFolders({ INFOFLOW_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }), ['/c'])
  assert.equal(cacheFolders({ XDG_CACHE_HOME: '/x', HOME: '/h' }), [join('/x', 'infoflow'), own])
  assert.equal(cacheFolders({ HOME: '/h' }), [join('/h', '.cache', 'infoflow'), own])
  assert.equal(cacheFolders({}), [own])
})

test('driver manifests are those named, else those in the folders of the Vulkan loader', () => {
  const folder = join(temporary, 'share', 'vulkan', 'icd.d')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'some_icd.json'), '{}')
  writeFileSync(join(folder, 'README'), '')
  assert.equal(systemManifests({ VK_DRIVER_FILES: '/a.json:/b.json' }), ['/a.json', '/b.json'])
  const found = systemManifests({ XDG_DATA_DIRS: `/nowhere:${join(temporary, 'share')}` })
  assert.ok(found.includes(join(folder, 'some_icd.json')))
  assert.not(found.some((path) => path.endsWith('README')))
})

packaged('a library that is not there is told apart from one that is no Node module', () => {
  assert.is(loadFailure(unpackEmbedded(embeddedArchive(), [join(temporary, 'loader')])!.loader), null)
  assert.match(loadFailure('libno-such-library.so.7')!, /libno-such-library/)
})

test.run()
