/**
 * One table of all tasks: the task, what was swept, then the columns of the tasks' own tables. Read and written a few
 * thousand rows at a time, however many tasks there are.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Bool, Float64, Schema, Uint32, Utf8, makeData, vectorFromArray } from 'apache-arrow'
import type { Data, DataType, Field, RecordBatch } from 'apache-arrow'
import { InputError } from '../errors.js'
import { concatenated, batchOfColumns } from '../tables/concatenate.js'
import { diskError, writeAtomically } from '../tables/disk.js'
import { writeArrowFile } from '../tables/ipc.js'
import { inspectTable, readBatches } from '../tables/read.js'
import { column, schemaOf, schemaVersion, type Column, type TableMetadata } from '../tables/schema.js'
import type { Plan, Setting } from './plan.js'

/** A run's folder: the task's own, or that of one of its conditions. */
export interface Part {
  task: number
  condition: string | null
  folder: string
}

/** Told of every batch of a part, in order. */
export type Seen = (part: Part, batch: RecordBatch) => void

const rowsPerBatch = 16_384

/**
 * Writes NAME.arrow of all parts that have one; returns its rows, 0 and no file where none has.
 * @throws InputError: a table that is damaged, or with other columns than the first; a full disk
 */
export function combineTable(name: string, plan: Plan, parts: readonly Part[], out: Out, seen?: Seen): number {
  const having = parts.flatMap((part) => {
    const path = join(part.folder, `${name}.arrow`)
    return existsSync(path) ? [{ ...part, path }] : []
  })
  if (having.length === 0) return 0
  const inner = inspectTable(having[0].path).schema
  const conditions = having.some(({ condition }) => condition !== null)
  const prefix = prefixColumns(plan, conditions)
  const schema = combinedSchema(name, inner, prefix, out.metadata)
  const path = join(out.folder, `${name}.arrow`)
  let rows = 0
  const counted: Seen = (part, batch) => {
    rows += batch.numRows
    seen?.(part, batch)
  }
  try {
    writeAtomically(path, (file) =>
      writeArrowFile(file, schema, combinedBatches({ having, inner, prefix, schema }, counted)),
    )
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`)
  }
  return rows
}

export interface Out {
  folder: string
  metadata: TableMetadata
}

interface Having extends Part {
  path: string
}

interface Piece {
  part: Part
  batch: RecordBatch
}

interface Combination {
  having: Having[]
  /** Of the tasks' tables. */
  inner: Schema
  prefix: PrefixColumn[]
  schema: Schema
}

function* combinedBatches(combination: Combination, seen: Seen): Generator<RecordBatch> {
  const { having, inner } = combination
  let pieces: Piece[] = []
  let rows = 0
  for (const part of having) {
    for (const batch of readBatches(part.path)) {
      refuseOther(part.path, having[0].path, batch.schema, inner)
      seen(part, batch)
      pieces.push({ part, batch })
      rows += batch.numRows
      if (rows < rowsPerBatch) continue
      yield combined(combination, pieces)
      ;[pieces, rows] = [[], 0]
    }
  }
  if (rows > 0) yield combined(combination, pieces)
}

function refuseOther(path: string, first: string, found: Schema, expected: Schema): void {
  const text = ({ fields }: Schema) => fields.map(({ name, type }) => `${name}: ${type}`).join(', ')
  if (text(found) === text(expected)) return
  throw new InputError(`${path}: has other columns than ${first}: were they made by different versions of infoflow?`)
}

interface PrefixColumn extends Column {
  value(part: Part): unknown
}

/** Task, condition where there are any, and swept keys under their own dotted names. */
function prefixColumns(plan: Plan, conditions: boolean): PrefixColumn[] {
  const task = column('task', new Uint32(), 'index', 'task of the sweep, from 0')
  const condition = column('condition', new Utf8(), 'none', 'run of the task, by the name of its folder', true)
  return [
    { ...task, value: (part) => part.task },
    ...(conditions ? [{ ...condition, value: (part: Part) => part.condition }] : []),
    ...sweptColumns(plan).map((swept) => ({
      ...swept,
      value: ({ task }: Part) => swept.of(plan.settings[plan.tasks[task].setting]),
    })),
  ]
}

export interface SweptColumn extends Column {
  /** The setting's value as the column holds it; null for what the experiment leaves open. */
  of(setting: Setting): number | boolean | string | null
}

/** Numbers where all values are numbers, likewise words and switches; everything else as JSON. */
export function sweptColumns({ keys, settings }: Plan): SweptColumn[] {
  return keys.map((key) => {
    const values = settings.flatMap((setting) => (Object.hasOwn(setting, key) ? [setting[key]] : []))
    const kind = ['number', 'boolean', 'string'].find((one) => values.every((value) => typeof value === one))
    const type = kind === 'number' ? new Float64() : kind === 'boolean' ? new Bool() : new Utf8()
    const text = `swept: ${key} of the configuration${kind === undefined ? ', as JSON' : ''}`
    const of = (setting: Setting) => {
      if (!Object.hasOwn(setting, key)) return null
      return kind === undefined ? JSON.stringify(setting[key]) : (setting[key] as number | boolean | string)
    }
    return { ...column(key, type, 'none', text, true), of }
  })
}

function combinedSchema(name: string, inner: Schema, prefix: Column[], metadata: TableMetadata): Schema {
  const version = inner.metadata.get('schema_version')
  if (version !== String(schemaVersion)) {
    throw new InputError(`${name}.arrow: schema version ${version}, expected ${schemaVersion}: run the sweep anew`)
  }
  const own = schemaOf(name, [...prefix, ...inner.fields.map(described)], metadata)
  return new Schema([...own.fields.slice(0, prefix.length), ...inner.fields], own.metadata)
}

const described = ({ name, type, nullable, metadata }: Field): Column =>
  column(name, type as DataType, metadata.get('unit') ?? 'none', metadata.get('description') ?? '', nullable)

function combined({ inner, prefix, schema }: Combination, pieces: Piece[]): RecordBatch {
  const body = concatenated(
    inner,
    pieces.map(({ batch }) => batch),
  )
  const before = prefix.map(({ type, value }) => repeated(type, pieces, value))
  return batchOfColumns(schema, [...before, ...body.data.children])
}

/** The part's value in each of its rows. */
function repeated(type: DataType, pieces: Piece[], value: (part: Part) => unknown): Data {
  const length = pieces.reduce((all, { batch }) => all + batch.numRows, 0)
  if (type instanceof Uint32) {
    const data = new Uint32Array(length)
    let at = 0
    for (const { part, batch } of pieces) data.fill(Number(value(part)), at, (at += batch.numRows))
    return makeData({ type, length, nullCount: 0, data })
  }
  const values = pieces.flatMap(({ part, batch }) => new Array<unknown>(batch.numRows).fill(value(part)))
  return vectorFromArray(values, type).data[0]
}
