/** The options of `infoflow compare`, as yargs declares them, and what they ask for. */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import { single, switched, type Typed } from './run-options.js'

export const compareOptions: Record<string, Options> = {
  until: { type: 'string', describe: 'Leave out what came after this epoch, such as 300: for runs of unequal length' },
  json: {
    type: 'boolean',
    describe: 'Print { "conditions": [...], "claims": [...], "rows": [...] } and nothing else, every number in full',
  },
  out: {
    type: 'string',
    describe: 'Folder for comparison.arrow, .svg, .png and .vl.json, such as results/orthonormal-or-not',
  },
  force: { type: 'boolean', describe: 'Replace the comparison that --out holds' },
}

export interface CompareRequest {
  folders: string[]
  until?: number
  json: boolean
  out?: string
  force: boolean
}

/** The checked request. @throws InputError: the first mistake */
export function readCompareRequest(typed: Typed): CompareRequest {
  return {
    folders: [typed.runs].flat().map(String),
    until: epoch(single(typed, 'until')),
    json: switched(typed, 'json') ?? false,
    out: single(typed, 'out'),
    force: switched(typed, 'force') ?? false,
  }
}

function epoch(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InputError(`--until: '${text}' is not an epoch, a whole number such as 300`)
}
