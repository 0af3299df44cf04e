/** infoflow compare: what it prints, what it writes, and how it refuses. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compareOptions } from '../../src/commands/compare-options.js'
import { comparisonColumns, type ComparisonRow } from '../../src/tables/comparison.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { threeConditions } from '../comparison/synthetic.js'
import { mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const { plain, orthonormal, deterministic } = threeConditions(folder)

test('--out holds a described table and the picture; --json the same rows, and claims', async () => {
  const out = join(folder, 'out')
  const { stdout } = await succeed(folder, 'compare', plain, orthonormal, deterministic, '--out', out, '--json')
  const { reference, conditions, claims, rows } = JSON.parse(stdout) as Printed
  assert.is(reference, 'szt-full')
  assert.equal(
    conditions.map(({ name }) => name),
    ['szt-full', 'orthonormal', 'deterministic'],
  )
  assert.ok(claims.some(({ verdict }) => verdict === 'holds'))
  assert.equal(readRows(join(out, 'comparison.arrow')), rows)
  const { metadata } = inspectTable(join(out, 'comparison.arrow')).schema
  assert.is(metadata.get('schema_version'), '1')
  assert.equal(
    Object.keys(JSON.parse(metadata.get('columns')!) as object),
    comparisonColumns.map(({ name }) => name),
  )
  for (const ending of ['svg', 'png', 'vl.json']) assert.ok(existsSync(join(out, `comparison.${ending}`)), ending)
  assert.match(await mistake(folder, 'compare', plain, '--out', out), /holds a comparison: .*--force/)
})

test('without --out it prints only', async () => {
  const { stdout, stderr } = await succeed(folder, 'compare', plain, orthonormal)
  assert.match(stdout.replace(/\s+/g, ' '), 'it compresses at least 1 nat less than szt-full')
  assert.not.match(stdout, 'Written')
  assert.is(stderr, '')
})

test('a mistake is one line and exit code 2', async () => {
  assert.match(await mistake(folder, 'compare'), 'compare: no run given')
  assert.match(await mistake(folder, 'compare', folder + '/nothing'), 'cannot be read')
  assert.match(await mistake(folder, 'compare', plain, '--until', 'soon'), "--until: 'soon' is not an epoch")
  assert.match(await mistake(folder, 'compare', plain, '--jsn'), "did you mean '--json'")
})

test('--help names every option and shows how it is used', async () => {
  const { stdout } = await succeed(folder, 'compare', '--help')
  for (const name of Object.keys(compareOptions)) assert.match(stdout, `--${name}`)
  assert.ok(stdout.split('\n').every((line) => line.length <= 80))
  assert.ok([...stdout.matchAll(/^ {2}infoflow compare /gm)].length >= 4)
})

test.run()

interface Printed {
  reference: string
  conditions: { name: string }[]
  claims: { verdict: string }[]
  rows: ComparisonRow[]
}
