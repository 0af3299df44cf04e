// Files that lie, files of other formats, and files with random bits turned: one line each, and never more memory or
// time than the file's own size asks for.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { philox4x32, seedKey } from '../../src/math/philox.js'
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../../src/tables/safetensors.js'
import { testIf } from '../skip.js'
import { scratchFolder } from './sample-run.js'
import { bytesOf, entry, fileOf, rawSafetensors } from './safetensors-file.js'

const folder = scratchFolder(test)
const path = join(folder, 'hostile.safetensors')
const four = new Uint8Array(4)

const refuses = (bytes: Uint8Array, pattern: RegExp) =>
  assert.throws(
    () => readSafetensors(fileOf(path, bytes)),
    (error: Error) => {
      assert.instance(error, InputError)
      assert.match(error.message, pattern)
      assert.ok(error.message.startsWith(`${path}: `) && error.message.length < 1000 && !error.message.includes('\n'))
      return true
    },
  )

test('a header whose length lies', () => {
  refuses(new Uint8Array(), /an empty file/)
  refuses(new Uint8Array([1, 2, 3]), /3 bytes, fewer than the length of a header takes/)
  refuses(rawSafetensors({}, four, 7n), /a header of 7 bytes does not fit the file's 14/)
  refuses(rawSafetensors({}, four, 2n ** 63n), /a header of 9223372036854776000 bytes does not fit the file's 14/)
  refuses(rawSafetensors({}, four, 0n), /'' at character 0 of the header, no \{/)
})

test('a header of more than 100 MB is not read', () => {
  fileOf(path, rawSafetensors({}, four, 100_000_001n))
  truncateSync(path, 200_000_000)
  const before = process.memoryUsage.rss()
  assert.throws(() => readSafetensors(path), /a header of 100000001 bytes: 100000000 at most are read/)
  assert.ok(process.memoryUsage.rss() - before < 50e6, 'the file is not read')
})

test('weights that no memory holds are not read', () => {
  const bytes = 8 * Math.ceil(totalmem() / 8)
  const whole = rawSafetensors({ a: entry('F32', [bytes / 4], 0, bytes) })
  fileOf(path, whole)
  truncateSync(path, whole.length + bytes)
  assert.throws(() => readSafetensors(path), /its weights take \d+\.\d GB of memory, \d+\.\d GB at most/)
  truncateSync(path, 0)
})

test('offsets that overlap, leave gaps, run backwards or leave the file', () => {
  const two = (a: [number, number], b: [number, number]) =>
    rawSafetensors({ a: entry('F32', [1], ...a), b: entry('F32', [1], ...b) }, new Uint8Array(8))
  refuses(two([0, 4], [0, 4]), /b lies at 0\.\.4, expected from 4/)
  refuses(two([0, 4], [2, 6]), /b lies at 2\.\.6, expected from 4/)
  refuses(two([0, 4], [5, 9]), /b lies at 5\.\.9, expected from 4/)
  refuses(two([0, 4], [4, 12]), /b lies at 4\.\.12 of 8 bytes/)
  refuses(two([0, 4], [4, 0]), /b lies at 4\.\.0 of 8 bytes/)
  refuses(rawSafetensors({ a: entry('F32', [1], 0, 4) }, new Uint8Array(8)), /4 bytes belong to no tensor/)
  refuses(rawSafetensors({ a: entry('F32', [1], 0) }, four), /a lacks one of dtype, shape, two data_offsets/)
})

test('sizes that are negative, fractional, too large or too many', () => {
  const shaped = (shape: string) => rawSafetensors(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,4]}}`, four)
  for (const size of ['-1', '0.5', '1.0', '1e0', '01', '9007199254740993', 'NaN', '+1'])
    refuses(shaped(`[${size}]`), RegExp(`shape of a: '${size.replace(/[.+]/g, '\\$&')}' is no whole number from 0`))
  refuses(shaped('["1"]'), /shape of a: '"1"\],"data_offse' is no whole number/)
  refuses(shaped('[4294967296,4294967296,4294967296]'), /a has 4 bytes for \[4294967296, /)
  refuses(shaped('[9007199254740991,9007199254740991,0]'), /a has 4 bytes for/)
  refuses(shaped(`[${'1,'.repeat(200_000)}1]`), /shape of a: more than 100000 numbers/)
  refuses(shaped('1'), /shape of a: '1,"data_offsets"' at character \d+ of the header, no \[/)
})

test('a name that stands twice', () => {
  const one = JSON.stringify(entry('F32', [1], 0, 4))
  refuses(rawSafetensors(`{"a":${one},"\\u0061":${one}}`, four), /the header holds two 'a'/)
  refuses(
    rawSafetensors(`{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,4]}}`, four),
    /a holds two 'dtype'/,
  )
  refuses(rawSafetensors(`{"__metadata__":{},"__metadata__":{}}`), /the header holds two '__metadata__'/)
})

test('names that JavaScript gives a meaning of its own are names', () => {
  const names = ['__proto__', 'constructor', 'toString', '10', '9', '']
  const body = Float32Array.from(names, (_, i) => i)
  const entries = names.map(
    (name, i) => `${JSON.stringify(name)}:${JSON.stringify(entry('F32', [1], 4 * i, 4 * i + 4))}`,
  )
  const metadata = '"__metadata__":{"__proto__":"p","format":"pt"}'
  const read = () => readSafetensors(path)
  fileOf(path, rawSafetensors(`{${metadata},${entries.join()}}`, bytesOf(body)))
  assert.equal(
    read().tensors.map(({ name, data }) => [name, data[0]]),
    names.map((name, i) => [name, i]),
  )
  assert.equal(Object.entries(read().metadata), [
    ['__proto__', 'p'],
    ['format', 'pt'],
  ])
  assert.is(Object.getPrototypeOf(read().metadata), Object.prototype)
  writeSafetensors(path, read().tensors, {})
  assert.equal(
    read().tensors.map(({ name, data }) => [name, data[0]]),
    names.map((name, i) => [name, i]),
  )
})

test('metadata that is no text, and headers that are no such JSON', () => {
  refuses(
    rawSafetensors('{"__metadata__":{"epoch":3}}'),
    /epoch in __metadata__: '3}}' at character 25 of the header, no "/,
  )
  refuses(rawSafetensors('{"__metadata__":null}'), /__metadata__: 'null}' at/)
  refuses(rawSafetensors('{"a":[]}'), /a: '\[\]}' at character 5 of the header, no \{/)
  refuses(rawSafetensors('{"a'), /a name in the header: a string without an end/)
  refuses(rawSafetensors('{"a\\"\\\\\\"'), /a string without an end/)
  refuses(rawSafetensors('{"a\nb":1}'), /is no string of JSON/)
  refuses(rawSafetensors('{} {}'), /'\{\}' follows its header/)
  refuses(rawSafetensors('{"a":{"typ":1}}'), /a has 'typ', which is none of dtype, shape, data_offsets/)
  refuses(Buffer.concat([rawSafetensors('{"a', four, 5n), new Uint8Array([0xff])]), /header/)
  refuses(rawSafetensors(`{"${'n'.repeat(1e6)}":1}`), /n{60}….*: '1}' at/)
  refuses(rawSafetensors('{"a\\u001b[31m\\u202e":1}'), /a\\u\{1b\}\[31m\\u\{202e\}: '1}'/)
})

test('a header that nests, or repeats, without end is left at once', () => {
  const begun = performance.now()
  refuses(rawSafetensors(`{"a":{"shape":${'['.repeat(2e7)}`), /shape of a: '\[/)
  refuses(rawSafetensors(`{"${'\\"'.repeat(1e7)}`), /a string without an end/)
  const names = Array.from({ length: 100_002 }, (_, i) => `"${i}":""`)
  refuses(rawSafetensors(`{"__metadata__":{${names.join()}}}`), /__metadata__ holds more than 100000 names/)
  assert.ok(performance.now() - begun < 20_000)
})

test('types that are no weights are listed, those that cannot be converted refused', () => {
  const whole = { steps: entry('I64', [], 0, 8), mask: entry('BOOL', [2], 8, 10) }
  fileOf(path, rawSafetensors(whole, new Uint8Array(10)))
  const read = readSafetensors(path)
  assert.equal(read.tensors, [])
  assert.equal(read.notWeights, [
    { name: 'steps', dtype: 'I64', shape: [] },
    { name: 'mask', dtype: 'BOOL', shape: [2] },
  ])
  refuses(rawSafetensors({ n: entry('I64', [], 0, 4) }, four), /n has 4 bytes for \[\]/)
  for (const type of ['F8_E4M3', 'C64', 'F33', 'constructor'])
    refuses(rawSafetensors({ q: entry(type, [4], 0, 4) }, four), RegExp(`q is ${type}: expected F32, F64, F16 or BF16`))
})

test('doubles beyond f32 are refused by name and place; NaN and infinity are left to whoever uses them', () => {
  const doubles = (...values: number[]) =>
    rawSafetensors(
      { 'fc.weight': entry('F64', [values.length], 0, 8 * values.length) },
      bytesOf(Float64Array.from(values)),
    )
  refuses(doubles(1, -1e39), /fc\.weight holds -1e\+39 \(number 1\), which f32 cannot/)
  fileOf(path, doubles(1 / 3, NaN, -Infinity, 3.4e38))
  assert.equal([...readSafetensors(path).tensors[0].data], [Math.fround(1 / 3), NaN, -Infinity, Math.fround(3.4e38)])
})

test('other formats are known, and how to convert them is said', () => {
  const text = (latin1: string) => Buffer.from(latin1, 'latin1')
  const zip = (inside: string) => text(`PK\x03\x04${'\0'.repeat(26)}${inside}`)
  const pickle =
    /a Python pickle .* can run code .*save_file\(model\.state_dict\(\), .*\), or scripts\/torch_export\.py, .* torch$/
  refuses(zip('archive/data.pkl'), pickle)
  refuses(text('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.'), pickle)
  refuses(text('\x80\x04\x95\x1a\0\0\0\0\0\0\0}\x94'), pickle)
  refuses(zip('weights.npy'), /NumPy's \.npz: expected safetensors; .*safetensors\.numpy\.save_file$/)
  refuses(zip('model.weights.h5'), /a Keras model/)
  refuses(zip('letter.txt'), /a ZIP archive: expected safetensors; unpack it/)
  refuses(text('\x89HDF\r\n\x1a\n'), /HDF5/)
  refuses(text('\x93NUMPY\x01\0v\0{'), /NumPy's \.npy/)
  refuses(text('{"fc1": {"weight": [1, 2]}}'), /JSON: expected safetensors/)
  refuses(text('[[1, 2], [3, 4]]'), /JSON: expected safetensors/)
  refuses(text('\x1f\x8b\x08'), /gzip/)
  refuses(text('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/)
})

test('a header of 0x280 bytes, whose length begins as a pickle does, is safetensors', () => {
  const header = JSON.stringify({ a: entry('F32', [1], 0, 4) }).padEnd(0x280)
  const bytes = rawSafetensors(header, four)
  assert.equal([...bytes.subarray(0, 2)], [0x80, 0x02])
  assert.equal(readSafetensors(fileOf(path, bytes)).tensors, [{ name: 'a', shape: [1], data: Float32Array.of(0) }])
})

test('paths that are no file', () => {
  const nothing = join(folder, 'nothing.safetensors')
  assert.throws(
    () => readSafetensors(nothing),
    /nothing\.safetensors: cannot be read: no such file: expected safetensors/,
  )
  mkdirSync(join(folder, 'inner'))
  assert.throws(() => readSafetensors(join(folder, 'inner')), /inner: no plain file: expected safetensors/)
})

testIf(process.platform === 'linux', 'no named pipes here', test, 'a pipe is not waited for', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  assert.throws(() => readSafetensorsMetadata(pipe), /pipe: no plain file/)
})

test('200 files with turned bits or cut ends: InputError, or what the format allows', () => {
  const tensors = [
    { name: '0.weight', shape: [3, 2], data: Float32Array.from([1, 2, 3, 4, 5, 6]) },
    { name: '0.bias', shape: [3], data: new Float32Array(3) },
  ]
  writeSafetensors(path, tensors, { format: 'pt', epoch: '3' })
  const whole = readFileSync(path)
  const header = whole.length - 36
  let [refused, read] = [0, 0]
  const begun = performance.now()
  for (let seed = 0; seed < 200; seed++) {
    const [a, b, c, d] = philox4x32([seed, 0, 0, 0], seedKey(seed))
    const bytes = Buffer.from(seed % 5 === 0 ? whole.subarray(0, a % whole.length) : whole)
    if (seed % 5 > 0) bytes[b % (seed % 2 ? header : bytes.length)] ^= 1 << (a % 8)
    if (seed % 5 > 2) bytes[c % bytes.length] ^= 1 << (d % 8)
    fileOf(path, bytes)
    try {
      const found = readSafetensors(path)
      for (const { shape, data } of found.tensors)
        assert.is(
          shape.reduce((all, side) => all * side, 1),
          data.length,
        )
      read++
    } catch (error) {
      assert.instance(error, InputError, `seed ${seed}: ${error}`)
      refused++
    }
  }
  assert.ok(refused > 100 && read > 10, `${refused} refused, ${read} read`)
  assert.ok(performance.now() - begun < 20_000)
})

test.run()
