/** Which experiment a command line asks for: by its name, or by a file that holds it. */
import { basename } from 'node:path'
import { InputError } from '../errors.js'
import type { Config } from '../experiments/config.js'
import type { ExperimentDefinition } from '../experiments/definition.js'
import { valueIn, type Sources } from '../experiments/read-config.js'
import { isFile } from '../experiments/config-file.js'
import { findDefinition } from '../experiments/studies.js'
import type { StudyDefinition } from '../experiments/study.js'
import { readRunRecord } from '../tables/run-folder.js'
import { runOptions, sourcesOf, type Typed } from './run-options.js'

export interface Request {
  definition: ExperimentDefinition | StudyDefinition
  sources: Sources
  /** Of the numbered folders. */
  name: string
  /** Of the run that is gone on with. */
  folder?: string
}

/** @throws InputError: an unknown experiment; a file and --config, or a file and a variant */
export function requested(asked: string, typed: Typed): Request {
  const begun = typed.resume ? begunIn(asked, typed) : null
  if (begun) return begun
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

/**
 * The run of a folder, by the configuration that its run.json holds; null where what was asked for is no such folder.
 * @throws InputError: it holds none, or something was said about it
 */
function begunIn(folder: string, typed: Typed): Request | null {
  const record = readRunRecord(folder)
  if (record === null) return null
  const said = Object.keys(runOptions).find((option) => option !== 'resume' && typed[option] !== undefined)
  if (said !== undefined) {
    throw new InputError(`--${said}: ${folder} holds the whole configuration of its run: leave it out with --resume`)
  }
  if (record.weights) {
    throw new InputError(`${folder}: a measurement: go on with the command it began with, and --out ${folder} --resume`)
  }
  const values = record.configuration as Partial<Config> | undefined
  if (typeof values?.experiment !== 'string') {
    throw new InputError(`${folder}: its run ended before it began: start it again with --force`)
  }
  const { experiment, measurement } = values
  const counted = measurement?.epochs ? { measurement: { ...measurement, count: 'auto' } } : {}
  return {
    definition: findDefinition(experiment),
    sources: { values: { ...values, ...counted } },
    name: experiment,
    folder,
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
