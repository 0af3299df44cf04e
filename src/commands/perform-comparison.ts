/** One comparison: tables read, numbers printed, and with --out a table and a picture. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { claimsOf, type Claim } from '../comparison/claims.js'
import { compareConditions } from '../comparison/compare.js'
import { conditionsOf, type Condition } from '../comparison/condition.js'
import { readRuns } from '../comparison/run.js'
import { comparisonText } from '../comparison/text.js'
import { InputError } from '../errors.js'
import { visible } from '../report/numbers.js'
import { writeComparison, type ComparisonRow } from '../tables/comparison.js'
import { configurationHash } from '../tables/configuration-hash.js'
import { diskError } from '../tables/disk.js'
import type { CompareRequest } from './compare-options.js'
import { versions } from './versions.js'

/** Throws InputError: no run, a damaged table, nothing in common, an --out that is taken. */
export async function performComparison({ folders, until, json, out, force }: CompareRequest): Promise<void> {
  if (out !== undefined) prepare(out, force)
  const conditions = conditionsOf(readRuns(folders, until))
  const rows = compareConditions(conditions)
  const claims = claimsOf(conditions, rows)
  const written = out === undefined ? [] : await write(out, conditions, rows)
  if (json) return print(asJson(conditions, rows, claims))
  const files = written.length === 0 ? '' : `\n\nWritten\n${written.map((path) => `  ${visible(path)}`).join('\n')}`
  print(comparisonText(conditions, rows, claims) + files)
}

/** The folder, made if need be; refused where it holds a comparison. */
function prepare(out: string, force: boolean): void {
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    throw diskError(error, `${out}: cannot create the folder`)
  }
  if (force || !existsSync(join(out, 'comparison.arrow'))) return
  throw new InputError(`${out}: holds a comparison: choose another --out DIR, or replace it with --force`)
}

async function write(out: string, conditions: Condition[], rows: ComparisonRow[]): Promise<string[]> {
  const table = join(out, 'comparison.arrow')
  const told = conditions.map(({ name, folders, seeds }) => ({ name, folders, seeds }))
  const metadata = { configuration_hash: configurationHash(told), infoflow: versions().infoflow }
  writeComparison(table, rows, { ...metadata, conditions: JSON.stringify(told) })
  const { comparisonSpecification } = await import('../comparison/picture.js')
  const { writePicture } = await import('../report/picture.js')
  try {
    return [table, ...(await writePicture('comparison', comparisonSpecification(conditions, rows), out))]
  } catch (error) {
    throw diskError(error, `${out}: cannot write the picture`, 'the table is kept')
  }
}

function asJson(conditions: Condition[], rows: ComparisonRow[], claims: Claim[]): string {
  const told = conditions.map(({ name, folders, seeds, finished, ends, differs }) => {
    const [first_end, last_end] = ends
    return { name, folders, seeds, finished, first_end, last_end, differs }
  })
  return JSON.stringify({ reference: conditions[0].name, conditions: told, claims, rows }, null, 2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
