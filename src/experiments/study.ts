/**
 * Experiments without a network: many estimates of something known, each of them a task. What they are asked is a configuration
 * of their own; `infoflow run` does the rest as for any other.
 */
import type { Schema } from 'apache-arrow'
import type { Machine } from '../plan.js'
import type { TableMetadata } from '../tables/schema.js'
import type { Heading } from './definition.js'
import { readAs, type ConfigSchema, type Sources } from './read-config.js'

/** The keys that every configuration has, beside those of its study. */
export interface StudyConfig {
  experiment: string
  mode: 'quick' | 'full'
  seed: number
  adapter?: string
}

export interface StudyDefinition {
  /** As on the command line; of its table and its picture too. */
  name: string
  /** One line, for the picture and the help. */
  title: string
  /** What a person learns from it, and what it takes: two or three sentences for the help. */
  shows: string
  /** Every value of a quick run, and what --full changes. */
  defaults: StudyConfig
  full: object
  /** Of its configuration. Loaded when it is needed, as what follows, so that --help comes at once. */
  schema(): Promise<ConfigSchema<StudyConfig>>
  /** @throws InputError: values that do not go together */
  prepare(config: StudyConfig): Promise<Study>
}

/** One run of a study: what there is to do, and what its rows say. */
export interface Study {
  /** In an order in which an interrupted run is worth something: whole rounds, each with something of everything. */
  tasks: readonly StudyTask[]
  schema(metadata: TableMetadata): Schema
  /** What the terminal says before the first task. */
  head: string[]
  /** One line after each round, from the rows so far. */
  told(rows: readonly object[], round: number): string
  /** What of it the picture and the table show, from the rows so far, of which there is at least one. */
  draw(rows: readonly object[], folder: string, heading: Heading): Promise<string[]>
  summary(rows: readonly object[]): string
}

export interface StudyTask {
  /** What the terminal says of it. */
  what: string
  /** From 1. */
  round: number
  /** Tasks of one kind differ in `steps` alone: their time is taken as a + b steps, found by trying two of them. */
  kind: string
  steps: number
  run(machine: Machine): Promise<object[]>
}

/** A whole configuration: quick values, or those of --full, and what was said about them. */
export function modeDefaults({ defaults, full }: StudyDefinition, mode: 'quick' | 'full'): StudyConfig {
  return mode === 'full' ? { ...defaults, ...full, mode } : defaults
}

/** The checked configuration. @throws InputError at the first mistake */
export async function readStudyConfig(definition: StudyDefinition, sources: Sources): Promise<StudyConfig> {
  const schema = await definition.schema()
  const config = readAs(schema, definition.defaults, sources)
  if (config.mode === 'quick') return config
  return readAs(schema, modeDefaults(definition, config.mode), sources)
}
