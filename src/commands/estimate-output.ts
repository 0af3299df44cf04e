/** What goes out of `infoflow estimate` for programs: JSON, and the Arrow file of --out. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InputError } from '../errors.js'
import { configurationHash } from '../tables/configuration-hash.js'
import { diskError } from '../tables/disk.js'
import type { GroupAnswer, GroupRivals } from '../tables/answers.js'
import type { TableMetadata } from '../tables/schema.js'
import type { EstimateRequest } from './estimate-request.js'
import { versions } from './versions.js'

/** `{ "answers": [...], "warnings": [...] }`, and `rivals` where asked; numbers that are not finite become null. */
export function answersJson(answers: readonly GroupAnswer[], groups?: readonly GroupRivals[]): string {
  const warnings = answers.flatMap(({ keys, answer }) => answer.warnings.map((warning) => ({ ...keys, warning })))
  const rivals = groups?.flatMap(({ keys, rivals }) => rivals.map((rival) => ({ ...keys, ...rival })))
  const printed = { answers: answers.map(({ keys, answer }) => ({ ...keys, ...answer })), warnings }
  return JSON.stringify({ ...printed, ...(rivals && { rivals }) }, null, 2)
}

/** Where rivals go beside `answers.arrow`: `answers-rivals.arrow`. */
export const besideOut = (out: string) => out.replace(/\.arrow$/, '-rivals.arrow')

/** Refuses, before anything is computed, what --out could not be written to or would destroy. */
export function checkOut({ out, compare, ...request }: EstimateRequest): void {
  if (out === undefined) return
  checkFile(out, request)
  if (compare) checkFile(besideOut(out), request)
}

function checkFile(out: string, { force, samples }: Pick<EstimateRequest, 'force' | 'samples'>): void {
  if (!out.endsWith('.arrow')) throw new InputError(`--out: '${out}' does not end in .arrow: it is an Arrow file`)
  try {
    accessSync(dirname(out), constants.W_OK)
  } catch (error) {
    throw diskError(error, `${out}: cannot write the table`)
  }
  if (!existsSync(out)) return
  if (!statSync(out).isFile()) throw new InputError(`--out: '${out}' is no file: choose another name`)
  if (existsSync(samples) && realpathSync(out) === realpathSync(samples)) {
    throw new InputError(`--out: '${out}' holds the samples: choose another name`)
  }
  if (!force) throw new InputError(`--out: '${out}' exists: choose another name, or replace it with --force`)
}

/** What the table says of how it was made. */
export function estimatesMetadata({ samples, columns, options }: EstimateRequest, adapter: string): TableMetadata {
  const configuration = { command: 'estimate', columns, ...options }
  return {
    configuration_hash: configurationHash(configuration),
    configuration: JSON.stringify(configuration),
    samples,
    adapter,
    infoflow: versions().infoflow,
  }
}
