/** .npz as NumPy reads it: dtypes, shapes, NaN where there is no value, every number. */
import { spawnSync } from 'node:child_process'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportTable } from '../../src/export/export.js'
import { ZipWriter } from '../../src/export/zip-writer.js'
import { readRows } from '../../src/tables/read.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { tablesIn } from '../../src/tables/run-tables.js'
import { findPython } from '../peers/python.js'
import { testIf } from '../skip.js'
import * as sample from '../tables/sample-run.js'

const folder = sample.scratchFolder(test)
const { python, reason } = findPython('numpy', 'python3-numpy')
const withNumpy = (name: string, run: () => void) => testIf(python !== null, reason, test, name, run)

/** Prints an archive as JSON, NaN as null. */
const reader = `
import json, math, sys, numpy
arrays = numpy.load(sys.argv[1])
plain = lambda value: None if isinstance(value, float) and math.isnan(value) else value
values = lambda array: [values(row) for row in array] if isinstance(array, list) else plain(array)
print(json.dumps({name: [array.dtype.str, list(array.shape), values(array.tolist())] for name, array in arrays.items()}))
`

function load(path: string): Record<string, [string, number[], unknown]> {
  writeFileSync(join(folder, 'read.py'), reader)
  const { status, stdout, stderr } = spawnSync(python!, [join(folder, 'read.py'), path], { encoding: 'utf8' })
  assert.is(status, 0, stderr)
  return JSON.parse(stdout) as Record<string, [string, number[], unknown]>
}

function exported(name: string) {
  const table = tablesIn(folder).find((one) => one.name === name)!
  const { path } = exportTable(table, 'npz', join(folder, `${name}.npz`))
  return { arrays: load(path), rows: readRows<Record<string, unknown>>(table.path) }
}

const recorder = new RunRecorder(folder, [1], sample.metadata)
for (const epoch of [0, 1, 2]) {
  recorder.training(sample.trainingRow(epoch))
  for (const layer of [1, 2] as const) recorder.information(sample.informationRow(epoch, layer))
  recorder.histogram(sample.histogramRow(epoch, 0))
}
recorder.activations(sample.activationRows(0, 4))
recorder.activations(sample.activationRows(10, 2, false))
recorder.finish()

withNumpy('NumPy reads numbers, text, lists of texts and what is missing', () => {
  const { arrays, rows } = exported('information')
  for (const [name, [, shape, values]] of Object.entries(arrays)) {
    if (name === '_metadata') continue
    assert.equal(shape, [6], name)
    assert.equal(
      values,
      rows.map((row) => (name === 'warnings' ? (row[name] as string[]).join(' | ') : row[name])),
      name,
    )
  }
  const typeOf = (name: string) => arrays[name][0]
  assert.equal(['seed', 'mi', 'regime', 'warnings'].map(typeOf), ['<u4', '<f8', '<U13', '<U24'])
  const [, shape, told] = arrays._metadata
  assert.equal(shape, [])
  assert.is((JSON.parse(told as string) as Record<string, string>).table, 'information')
})

withNumpy('NumPy reads lists of numbers as matrices, and labels that are missing as NaN', () => {
  const counts = exported('histograms')
  assert.equal(counts.arrays.counts.slice(0, 2), ['<u4', [3, 40]])
  assert.equal(
    counts.arrays.counts[2],
    counts.rows.map((row) => row.counts),
  )
  const { arrays, rows } = exported('activations/layer-2')
  assert.equal(arrays.s.slice(0, 2), ['<f4', [6, 3]])
  assert.equal(
    arrays.s[2],
    rows.map((row) => [...(row.s as Float32Array)]),
  )
  assert.equal(arrays.y, ['<f8', [6], [0, 0, 1, 1, null, null]])
})

withNumpy('the arrays of an empty table are empty', () => {
  const inner = join(folder, 'export')
  const empty = new RunRecorder(folder.replace(/$/, ''), [1], sample.metadata)
  empty.finish()
  const table = tablesIn(folder).find((one) => one.name === 'information')!
  const arrays = load(exportTable(table, 'npz', join(inner, 'information.npz')).path)
  assert.equal(arrays.mi, ['<f8', [0], []])
})

withNumpy('Python reads an archive of ZIP64', () => {
  const path = join(folder, 'large.npz')
  const archive = new ZipWriter(openSync(path, 'w'), -1)
  const source = exportTable(tablesIn(folder)[0], 'npz', join(folder, 'small.npz')).path
  // the bytes of an array, out of the archive that is not of ZIP64
  const bytes = readFileSync(source)
  const start = bytes.indexOf('\x93NUMPY', 0, 'latin1')
  const length = bytes.readUInt32LE(bytes.indexOf('PK\x03\x04', 0, 'latin1') + 22)
  archive.add('x.npy', length, [bytes.subarray(start, start + length)])
  archive.finish()
  assert.is(load(path).x[1].length >= 1, true)
})

test.run()
