/** Which experiment a command line asks for: by its name, or by a file that holds it. */
import { basename } from 'node:path'
import { InputError } from '../errors.js'
import type { ExperimentDefinition } from '../experiments/definition.js'
import { valueIn, type Sources } from '../experiments/read-config.js'
import { isFile } from '../experiments/config-file.js'
import { findDefinition } from '../experiments/studies.js'
import type { StudyDefinition } from '../experiments/study.js'
import { sourcesOf, type Typed } from './run-options.js'

export interface Request {
  definition: ExperimentDefinition | StudyDefinition
  sources: Sources
  /** Of the numbered folders. */
  name: string
}

/** @throws InputError: an unknown experiment; a file and --config, or a file and a variant */
export function requested(asked: string, typed: Typed): Request {
  const sources = sourcesOf(typed)
  if (asked === 'custom' && sources.file === undefined && sources.sets!.length === 0) {
    throw new InputError(
      'custom: no network, no data: write a file (infoflow init > my.yaml) and name it: infoflow run my.yaml',
    )
  }
  if (!isFile(asked)) return { definition: findDefinition(asked), sources, name: asked }
  if (sources.file !== undefined) {
    throw new InputError(`${asked}, --config ${sources.file}: two files, expected one: put all keys into one of them`)
  }
  if (typed.variant !== undefined) {
    throw new InputError(
      `--variant: ${asked} holds every value already: write it with infoflow init EXPERIMENT --variant ${String(typed.variant)}`,
    )
  }
  const experiment = valueIn({ file: asked }, ['experiment']) ?? 'custom'
  if (typeof experiment !== 'string') {
    throw new InputError(`${asked}: experiment: expected the name of an experiment, such as custom or szt`)
  }
  return {
    definition: findDefinition(experiment),
    sources: { ...sources, file: asked },
    name: folderName(asked, experiment),
  }
}

/** The file's own name in the letters that a numbered folder may have. */
export function folderName(file: string, experiment: string): string {
  const stem = basename(file).replace(/\.[^.]*$/, '')
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return name || experiment
}
