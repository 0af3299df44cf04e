/** The options of `infoflow export`, as yargs declares them, and what they ask for. */
import type { Options } from 'yargs'
import { InputError, unknownName } from '../errors.js'
import { formats, type Format } from '../export/formats.js'
import { single, switched, type Typed } from './run-options.js'

export const exportOptions: Record<string, Options> = {
  format: { type: 'string', describe: 'parquet (default), csv or npz' },
  tables: { type: 'string', describe: 'These tables alone, such as information,training or activations (all layers)' },
  out: { type: 'string', describe: "Folder for the files, such as tables/szt; by default export/ in each run's own" },
  force: { type: 'boolean', describe: 'Replace files that are there' },
}

export interface ExportRequest {
  folder: string
  format: Format
  /** All when absent. */
  tables?: string[]
  out?: string
  force: boolean
}

/** The checked request. @throws InputError: the first mistake */
export function readExportRequest(typed: Typed): ExportRequest {
  return {
    folder: String(typed.run),
    format: formatOf(single(typed, 'format') ?? 'parquet'),
    tables: namesOf(single(typed, 'tables')),
    out: single(typed, 'out'),
    force: switched(typed, 'force') ?? false,
  }
}

function formatOf(name: string): Format {
  const format = formats.find((known) => known === name)
  if (format === undefined) throw unknownName('format', name, formats)
  return format
}

function namesOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '')) return names
  throw new InputError(`--tables: '${text}' names no tables: expected their names, such as information,training`)
}
