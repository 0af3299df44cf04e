/**
 * A run's configuration from all that was said about it: the experiment's own values, then a file, then --set, then
 * options; the later one wins. A mistake is one line: its place, what was found, what was expected.
 */
import { dirname, isAbsolute, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { InputError, nearest, unknownName } from '../errors.js'
import { configSchema, type Config } from './config.js'
import { readConfigFile } from './config-file.js'
import { Places, type Place } from './places.js'
import { at, isGroup, merge, put, show } from './tree.js'

type Issue = z.core.$ZodIssue

/** An option that stands for a key, and what was typed: ['--epochs', 'training.epochs', '-3']. */
export type OptionValue = [option: string, key: string, typed: string]

/** A value given elsewhere, by its key, and where that was. A group of keys is merged with what is there. */
export type GivenValue = [key: string, value: unknown, place: Place]

export interface Sources {
  /** YAML or JSON. */
  file?: string
  /** In place of a file: values that a run was configured with. */
  values?: unknown
  /** Over the file, under --set. */
  given?: readonly GivenValue[]
  /** KEY=VALUE, as typed after --set. */
  sets?: readonly string[]
  options?: readonly OptionValue[]
}

/** What a variant changes of an experiment's configuration, by its name. */
export type Variants = Readonly<Record<string, unknown>>

/** The checked configuration; a variant lies between the defaults and all that was said. InputError at the first mistake. */
export function readConfig(defaults: Config, sources: Sources, variants: Variants = {}): Config {
  const name = at(mergeAll(defaults, sources, new Places()), ['variant'])
  if (name === undefined) return readAs(configSchema, defaults, sources)
  if (!Object.hasOwn(variants, String(name))) {
    throw unknownName(`variant of ${defaults.experiment}`, String(name), Object.keys(variants))
  }
  return readAs(configSchema, merge(defaults, variants[String(name)]) as Config, sources)
}

/** Keys and groups of keys, as configSchema is, with the name of what it configures under `experiment`. */
export type ConfigSchema<C> = z.ZodType<C> & { shape: z.ZodRawShape }

/** The same for any configuration that has a schema of its own. */
export function readAs<C extends { experiment: string }>(schema: ConfigSchema<C>, defaults: C, sources: Sources): C {
  const places = new Places()
  return check(schema, mergeAll(defaults, sources, places), defaults.experiment, places)
}

/** Everything that was said, the later over the earlier; notes what was said where. */
function mergeAll(defaults: unknown, sources: Sources, places: Places): unknown {
  const { given = [], sets = [], options = [] } = sources
  let merged = merge(defaults, valuesOf(sources, places))
  for (const [key, value, place] of given) {
    const path = key.split('.')
    merged = putAt(merged, key, isGroup(value) ? merge(at(merged, path), value) : value, place.value)
    places.note(key, place)
  }
  for (const text of sets) {
    const [key, typed] = keyAndValue(text)
    merged = putAt(merged, key, scalar(typed), `--set ${key}`)
    places.note(key, { value: `--set ${key}` })
  }
  for (const [option, key, typed] of options) {
    merged = putAt(merged, key, scalar(typed), option)
    places.note(key, { value: option, typed })
  }
  return merged
}

const paths = ['inputs', 'labels', 'testInputs', 'testLabels', 'directory']

/** Keys whose values are names of files or folders. */
export const pathKeys: readonly string[] = paths.map((key) => `data.${key}`)

/** Names of data files in a file are relative to it. */
function fromFolder(folder: string, values: unknown): unknown {
  const given = paths.filter((key) => typeof at(values, ['data', key]) === 'string' && at(values, ['data', key]) !== '')
  const moved = given.map((key) => {
    const path = at(values, ['data', key]) as string
    return [key, isAbsolute(path) ? path : join(folder, path)]
  })
  return given.length === 0 ? values : merge(values, { data: Object.fromEntries(moved) })
}

function valuesOf({ file, values = {} }: Sources, places: Places): unknown {
  return file === undefined ? values : fromFolder(dirname(file), readConfigFile(file, places))
}

/** What a file, or the values in its place, say of a key; undefined for nothing. InputError when the file cannot be read. */
export function valueIn(sources: Sources, path: readonly string[]): unknown {
  return at(valuesOf(sources, new Places()), path)
}

function keyAndValue(text: string): [key: string, typed: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InputError(`--set: '${text}' is not KEY=VALUE, such as noise.std=0.01`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

function putAt(tree: unknown, key: string, value: unknown, place: string): unknown {
  try {
    return put(tree, key.split('.'), value)
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

/** Values read elsewhere, checked; the first mistake of several is an InputError with its place. */
export function checked<C>(schema: ConfigSchema<C>, values: unknown, places: Places): C {
  const { success, data, error } = schema.safeParse(values)
  if (!success) throw firstMistake(error.issues, values, places, schema.shape)
  return data
}

function check<C extends { experiment: string }>(
  schema: ConfigSchema<C>,
  merged: unknown,
  experiment: string,
  places: Places,
): C {
  const data = checked(schema, merged, places)
  if (data.experiment === experiment) return data
  const place = places.of(['experiment']).value
  throw new InputError(`${place}: '${data.experiment}' is not '${experiment}', the experiment asked for`)
}

/** A mistyped key comes first: the mistakes it leads to are no news. */
function firstMistake(issues: Issue[], merged: unknown, places: Places, shape: z.ZodRawShape): InputError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? innermost(issues[0])
  if (issue.code === 'unrecognized_keys') {
    const own = keysAt(z.object(shape), merged, issue.path)
    return unknownKey([...issue.path, issue.keys[0]], places, shape, own)
  }
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

/** `own`: the keys of the group in which it stands. */
function unknownKey(path: PropertyKey[], places: Places, shape: z.ZodRawShape, own: string[]): InputError {
  const { value, key = value } = places.of(path)
  const [name, group] = [String(path.at(-1)), path.slice(0, -1)]
  const beside = nearest(name, own)
  const near = beside === null ? nearestKey(path.join('.'), shape) : [...group, beside].join('.')
  const which = group.length === 0 ? 'the top-level keys' : `the keys of ${group.join('.')}`
  return new InputError(`${key}: unknown key${near ? `: did you mean '${near}'?` : `; ${which} are ${own.join(', ')}`}`)
}

/** The keys of the group at `path`: of a list's entry those of its type. */
function keysAt(schema: unknown, merged: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), merged, path)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = schema.options as z.ZodObject[]
    const own = at(merged, ['type'])
    return keysAt(
      options.find(({ shape }) => (shape.type as z.ZodType).safeParse(own).success),
      merged,
      path,
    )
  }
  if (schema instanceof z.ZodUnion)
    return keysAt(
      schema.options.find((one) => one instanceof z.ZodObject),
      merged,
      path,
    )
  const [key, ...rest] = path
  if (schema instanceof z.ZodArray) return keysAt(schema.element, at(merged, [key]), rest)
  if (!(schema instanceof z.ZodObject)) return []
  const shape = schema.shape as z.ZodRawShape
  return key === undefined ? Object.keys(shape) : keysAt(shape[String(key)], at(merged, [key]), rest)
}

/** The known key most like a mistyped one, also where only its last part is right: std for noise.std. */
function nearestKey(key: string, shape: z.ZodRawShape): string | null {
  const known = knownKeys(shape)
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
