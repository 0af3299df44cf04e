/**
 * A run's configuration from all that was said about it: the experiment's own values, then a file, then --set, then
 * options; the later one wins. A mistake is one line: its place, what was found, what was expected.
 */
import { parse } from 'yaml'
import type { z } from 'zod'
import { InputError, nearest, unknownName } from '../errors.js'
import { configSchema, type Config } from './config.js'
import { readConfigFile } from './config-file.js'
import { Places } from './places.js'
import { at, merge, put, show } from './tree.js'

type Issue = z.core.$ZodIssue

/** An option that stands for a key, and what was typed: ['--epochs', 'training.epochs', '-3']. */
export type OptionValue = [option: string, key: string, typed: string]

export interface Sources {
  /** YAML or JSON. */
  file?: string
  /** KEY=VALUE, as typed after --set. */
  sets?: readonly string[]
  options?: readonly OptionValue[]
}

/** What a variant changes of an experiment's configuration, by its name. */
export type Variants = Readonly<Record<string, unknown>>

/** The checked configuration; a variant lies between the defaults and all that was said. InputError at the first mistake. */
export function readConfig(defaults: Config, sources: Sources, variants: Variants = {}): Config {
  const places = new Places()
  const merged = mergeAll(defaults, sources, places)
  const name = at(merged, ['variant'])
  if (name === undefined) return check(merged, defaults.experiment, places)
  if (!Object.hasOwn(variants, String(name))) {
    throw unknownName(`variant of ${defaults.experiment}`, String(name), Object.keys(variants))
  }
  return check(mergeAll(merge(defaults, variants[String(name)]), sources, places), defaults.experiment, places)
}

function mergeAll(defaults: unknown, { file, sets = [], options = [] }: Sources, places: Places): unknown {
  let merged: unknown = file === undefined ? defaults : merge(defaults, readConfigFile(file, places))
  for (const text of sets) {
    const [key, typed] = keyAndValue(text)
    merged = putAt(merged, key, typed, `--set ${key}`)
    places.note(key, { value: `--set ${key}` })
  }
  for (const [option, key, typed] of options) {
    merged = putAt(merged, key, typed, option)
    places.note(key, { value: option, typed })
  }
  return merged
}

function keyAndValue(text: string): [key: string, typed: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InputError(`--set: '${text}' is not KEY=VALUE, such as noise.std=0.01`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

function putAt(tree: unknown, key: string, typed: string, place: string): unknown {
  try {
    return put(tree, key.split('.'), scalar(typed))
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(`${place}: ${error.message}`)
    throw error
  }
}

/** A value as YAML reads it: 3, 0.01, true, tanh, [1, 2]; what is no YAML stays text, for the schema to refuse. */
function scalar(typed: string): unknown {
  try {
    return parse(typed, { maxAliasCount: 0, logLevel: 'silent' })
  } catch {
    return typed
  }
}

function check(merged: unknown, experiment: string, places: Places): Config {
  const { success, data, error } = configSchema.safeParse(merged)
  if (!success) throw firstMistake(error.issues, merged, places)
  if (data.experiment === experiment) return data
  const place = places.of(['experiment']).value
  throw new InputError(`${place}: '${data.experiment}' is not '${experiment}', the experiment asked for`)
}

/** A mistyped key comes first: the mistakes it leads to are no news. */
function firstMistake(issues: Issue[], merged: unknown, places: Places): InputError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? innermost(issues[0])
  if (issue.code === 'unrecognized_keys') return unknownKey([...issue.path, issue.keys[0]], places)
  const { value: place, typed } = places.of(issue.path)
  const found = typed === undefined ? show(at(merged, issue.path)) : `'${typed}'`
  return new InputError(`${place}: ${found} is not ${issue.message}`)
}

/** Where 'auto' would do as well, what matters is why the other value will not: it is the news. */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.flat().findLast(({ code }) => code !== 'invalid_value')
  if (inner === undefined) return issue
  return { ...inner, path: [...issue.path, ...inner.path] }
}

function unknownKey(path: PropertyKey[], places: Places): InputError {
  const { value, key = value } = places.of(path)
  const near = nearestKey(path.join('.'))
  const known = () => Object.keys(configSchema.shape).join(', ')
  return new InputError(
    `${key}: unknown key${near ? `: did you mean '${near}'?` : `; the top-level keys are ${known()}`}`,
  )
}

/** The known key most like a mistyped one, also where only its last part is right: std for noise.std. */
function nearestKey(key: string): string | null {
  const known = knownKeys(configSchema.shape)
  const lastPart = (name: string) => name.slice(name.lastIndexOf('.') + 1)
  return known.find((name) => lastPart(name) === key) ?? nearest(key, known)
}

/** Dotted names of all keys, groups before what is in them. */
function knownKeys(shape: z.ZodRawShape, prefix = ''): string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const inner = 'shape' in schema ? knownKeys(schema.shape as z.ZodRawShape, `${prefix}${key}.`) : []
    return [`${prefix}${key}`, ...inner]
  })
}
