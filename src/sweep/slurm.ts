/**
 * A sweep as Slurm jobs: an array in which each member runs a task, or a few, and a job behind it that merges. The merge waits
 * with afterany, not afterok: where a task has failed it lists what is missing and how to go on, in its log and by its exit code,
 * while a job that waits for what never comes tells nobody anything.
 */
import { join } from 'node:path'
import { InputError } from '../errors.js'

export interface SlurmRequest {
  /** Absolute. */
  folder: string
  name: string
  /** The words that begin a command line of infoflow, absolute. */
  infoflow: readonly string[]
  /** Members of the array: each runs `chunk` tasks, from member * chunk on. */
  members: readonly number[]
  chunk: number
  gpus?: string
  partition?: string
  time?: string
  /** Members that run at once, at most. */
  throttle?: number
}

/** What Slurm's own comments and file patterns leave alone, whatever quoting rules they have. */
const plain = /^[\w@+=:,./-]+$/

/** @throws InputError: a name that a batch script cannot hold safely */
export function checkRequest({ folder, infoflow, gpus, partition, time }: SlurmRequest): void {
  for (const word of [folder, ...infoflow]) {
    if (plain.test(word)) continue
    throw new InputError(`${word}: Slurm scripts take letters, digits and @+=:,./- in a path: move it to a simpler one`)
  }
  const forms: [string, string | undefined, RegExp, string][] = [
    ['--gpus', gpus, /^([\w.-]+:)?[1-9]\d{0,3}$/, 'a number, or a type and a number, such as 1 or a100:1'],
    ['--partition', partition, /^[\w.,-]+$/, 'the name of a partition, such as gpu'],
    [
      '--time',
      time,
      /^\d{1,6}(-\d{1,2}(:\d{1,2}){0,2}|(:\d{1,2}){0,2})$/,
      "a time as Slurm's, such as 30 (minutes), 2:00:00 or 1-12:00:00",
    ],
  ]
  for (const [option, text, form, expected] of forms) {
    if (text !== undefined && !form.test(text)) throw new InputError(`${option}: '${text}' is not ${expected}`)
  }
}

/** The batch script of the array. A member that is put back in the queue, as after the death of its node, begins again. */
export function arrayScript(request: SlurmRequest): string {
  const { folder, name, infoflow, members, chunk, gpus, partition, time, throttle } = request
  const options = [
    `--job-name=${name}`,
    `--array=${arrayText(members)}${throttle === undefined ? '' : `%${throttle}`}`,
    `--output=${join(folder, 'logs', 'slurm-%A_%a.log')}`,
    '--open-mode=append',
    '--requeue',
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(gpus === undefined ? [] : [`--gpus=${gpus}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
  ]
  const words = [...infoflow, 'sweep', 'run', folder, ...(chunk === 1 ? [] : ['--chunk', String(chunk)])]
  return script(options, words)
}

/** The batch script of the merge; what it depends on is said when it is submitted. */
export function mergeScript({ folder, name, infoflow, partition }: SlurmRequest): string {
  const options = [
    `--job-name=${name}-merge`,
    `--output=${join(folder, 'logs', 'slurm-merge-%j.log')}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
  ]
  return script(options, [...infoflow, 'sweep', 'merge', folder])
}

function script(options: readonly string[], words: readonly string[]): string {
  return ['#!/bin/sh', ...options.map((option) => `#SBATCH ${option}`), '', `exec ${words.join(' ')}`, ''].join('\n')
}

/** '0-3,7': ascending whole numbers. */
export function arrayText(members: readonly number[]): string {
  const parts: string[] = []
  for (let from = 0, to = 0; from < members.length; from = ++to) {
    while (members[to + 1] === members[to] + 1) to++
    parts.push(to > from ? `${members[from]}-${members[to]}` : `${members[from]}`)
  }
  return parts.join(',')
}

/** Tasks of one member, so that the array is no larger than Slurm takes; indices go up to MaxArraySize - 1. */
export function chunkFor(tasks: number, maxArraySize: number): number {
  return Math.max(1, Math.ceil(tasks / maxArraySize))
}

/** What sbatch --parsable prints: 'ID' or 'ID;CLUSTER'. */
export function jobId(printed: string): string {
  const id = /^(\d+)(;.*)?$/.exec(printed.trim())?.[1]
  if (id === undefined) throw new InputError(`sbatch: printed '${printed.trim()}', expected the number of a job`)
  return id
}

/** How many members of a job are in each state, from `squeue --noheader --array --format=%T`. */
export function queueCounts(printed: string): Map<string, number> {
  const states = printed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().toLowerCase()]))
  return states.reduce((counts, state) => counts.set(state, (counts.get(state) ?? 0) + 1), new Map<string, number>())
}
