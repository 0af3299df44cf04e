// What becomes of rows: codes of inputs and labels, groups, streams of a run that was killed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bool, Float32, Int64, Table, Uint64, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow'
import type { DataType } from 'apache-arrow'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readSamples } from '../../src/samples/read.js'
import type { SampleColumns } from '../../src/samples/read.js'
import { batchOfActivations } from '../../src/tables/batch.js'
import { activationSchema } from '../../src/tables/schema.js'
import { TableWriter } from '../../src/tables/stream.js'
import { fixture, readText, withFile } from './example-samples.js'

const test = suite('groups of samples')

const readTable = (columns: Record<string, [unknown[], DataType]>, names?: SampleColumns) => {
  const vectors = Object.entries(columns).map(([name, [values, type]]) => [name, vectorFromArray(values, type)])
  const bytes = tableToIPC(new Table(Object.fromEntries(vectors)), 'stream')
  return withFile('samples.arrows', bytes, (path) => readSamples(path, names))
}

test('inputs and labels are counted in the order in which they come, whatever they are', async () => {
  const s: [unknown[], DataType] = [[1, 2, 3, 4], new Float32()]
  const beyond = 2n ** 53n
  const kinds: [unknown[], DataType][] = [
    [[beyond + 1n, -5n, beyond + 1n, beyond], new Int64()],
    [[2n ** 64n - 1n, 7n, 2n ** 64n - 1n, 2n ** 64n - 2n], new Uint64()],
    [['ß', '', 'ß', '日本'], new Utf8()],
    [[3, -1, 3, 0], new Float32()],
  ]
  for (const x of kinds) {
    const [{ samples }] = await readTable({ s, x })
    assert.equal([...samples.x!], [0, 1, 0, 2], String(x[1]))
  }
  const [{ samples }] = await readTable({ s, x: [[true, false, true, false], new Bool()] })
  assert.equal([...samples.x!], [0, 1, 0, 1])
})

test('groups come as they first appear, each with codes of its own, and keys as they are written', async () => {
  const rows = ['7,a,10,0.5,x', '8,b,10,1.5,y', '9,a,2,2.5,y', '8,b,10,3.5,y', '7,a,2,4.5,x']
  const text = `x,layer,epoch,s0,y\n${rows.join('\n')}\n`
  const groups = await readText(text, { by: ['epoch', 'layer'] })
  assert.equal(
    groups.map(({ keys, samples: { count, s, x, y } }) => [keys, count, [...s], [...x!], [...y!]]),
    [
      [{ epoch: 10, layer: 'a' }, 1, [0.5], [0], [0]],
      [{ epoch: 10, layer: 'b' }, 2, [1.5, 3.5], [0, 0], [0, 0]],
      [{ epoch: 2, layer: 'a' }, 2, [2.5, 4.5], [0, 1], [0, 1]],
    ],
  )
  for (const { samples } of groups) assert.is(samples.s.buffer.byteLength, 8 * samples.count)
})

test('many rows in two groups that alternate', async () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => `${i % 2},${i},${i / 8}`)
  const groups = await readText(`g,x,s0\n${rows.join('\n')}\n`, { by: ['g'] })
  assert.equal(
    groups.map(({ keys, samples }) => [keys.g, samples.count]),
    [
      [0, 5000],
      [1, 5000],
    ],
  )
  for (const [g, { samples }] of groups.entries()) {
    assert.ok(samples.s.every((value, i) => value === (2 * i + g) / 8))
    assert.ok(samples.x!.every((code, i) => code === i))
  }
})

test('no label in any row: no labels', async () => {
  const [{ samples }] = await readText('s0,x,y\n1,1,\n2,1,\n')
  assert.equal([samples.x && [...samples.x], samples.y], [[0, 0], null])
})

test('a column of 007 and 7 is text and a number', async () => {
  const [{ samples }] = await readText('s0,x\n1,007\n2,7\n3,7.0\n')
  assert.equal([...samples.x!], [0, 1, 1])
})

test("the stream of infoflow's own run counts as far as its batches are whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-samples-'))
  const schema = activationSchema(5, 2, { configuration_hash: 'x' })
  const writer = new TableWriter(join(folder, 'layer-5.arrows'), schema)
  for (const epoch of [0, 5, 10]) {
    const s = Float32Array.of(epoch, 1, 2, 3)
    const rows = {
      seed: 0,
      epoch,
      layer: 5,
      width: 2,
      count: 2,
      replica: Uint32Array.of(0, 0),
      x: Uint32Array.of(4, 9),
      y: null,
      s,
    }
    writer.append(batchOfActivations(schema, rows, 0, 2))
  }
  writer.close()
  writeFileSync(writer.path, readFileSync(writer.path).subarray(0, -20))
  const cut = await readSamples(writer.path, { by: ['epoch'] })
  assert.equal(
    cut.map(({ keys, samples: { s, x, y } }) => [keys, [...s], [...x!], y]),
    [
      [{ epoch: 0 }, [0, 1, 2, 3], [0, 1], null],
      [{ epoch: 5 }, [5, 1, 2, 3], [0, 1], null],
    ],
  )
  rmSync(folder, { recursive: true })
})

test('arrays of samples hold no more than the samples', async () => {
  for (const name of ['polars.arrow', 'pyarrow-zstd.feather', 'polars.parquet', 'arrays.npz', 'pandas.csv']) {
    const [{ samples }] = await readSamples(fixture(name))
    assert.is(samples.s.byteOffset, 0)
    assert.is(samples.s.byteLength, samples.s.buffer.byteLength, name)
    assert.is(samples.s.length, samples.count * samples.width)
  }
})

test.run()
