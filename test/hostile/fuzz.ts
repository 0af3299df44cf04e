/** Damaged files, many to a process that may use 1 GiB; a process that dies or hangs is a finding, and the rest goes on. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Job, Outcome } from './child.js'
import { subjects } from './subjects.js'

export interface Finding extends Job {
  what: string
}

export interface Tally {
  findings: Finding[]
  /** By subject: files read, files refused, the most processor time for one, in seconds. */
  counts: Map<string, { read: number; refused: number; seconds: number }>
  /** Bytes that a process held at most. */
  memory: number
}

/** Of processor time for one file. */
const mostSeconds = 2
const mostMemory = 2 ** 30
/** Of the clock, on a machine with other work, before a process counts as hanging. */
const silence = 60_000

const child = fileURLToPath(new URL('child.ts', import.meta.url))

/** Mutations 0 .. count - 1 of every subject, or of those named. */
export async function fuzzed(count: number, names = subjects.map(({ name }) => name)): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-hostile-'))
  const tally: Tally = { findings: [], counts: new Map(), memory: 0 }
  let jobs = subjects.flatMap(({ name }, subject) =>
    names.includes(name) ? Array.from({ length: count }, (_, mutation) => ({ subject, mutation })) : [],
  )
  try {
    while (jobs.length > 0) jobs = jobs.slice(await some(folder, jobs, tally))
    return tally
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How many of the jobs are done, one of them at least: that on which the process ended, if it did. */
async function some(folder: string, jobs: readonly Job[], tally: Tally): Promise<number> {
  const words = ['--max-old-space-size=1024', '--import', import.meta.resolve('tsx'), child]
  // A command line holds no more.
  const process_ = spawn(process.execPath, [...words, JSON.stringify([folder, jobs.slice(0, 1000)])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [done, said] = [0, '']
  const patience = setTimeout(() => process_.kill('SIGKILL'), silence)
  process_.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const ended = new Promise<string>((resolve) => {
    process_.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  for await (const line of createInterface(process_.stdout)) {
    patience.refresh()
    const outcome = JSON.parse(line) as Outcome
    if (outcome.how === undefined) continue
    done++
    note(outcome, tally)
    if (outcome.memory > mostMemory) process_.kill('SIGKILL')
  }
  clearTimeout(patience)
  const how = await ended
  if (how === 'exit code 0' || tally.findings.at(-1)?.mutation === jobs[done - 1]?.mutation) return done
  if (done === 0 && !said.includes('{')) throw new Error(`the reading process did not begin: ${how}: ${said}`)
  tally.findings.push({ ...jobs[done], what: `the process ended with ${how}: ${said.slice(-600)}` })
  return done + 1
}

function note({ subject, mutation, file, how, line, seconds, memory }: Outcome, tally: Tally): void {
  const { name } = subjects[subject]
  const counts = tally.counts.get(name) ?? { read: 0, refused: 0, seconds: 0 }
  counts.seconds = Math.max(counts.seconds, seconds)
  if (how !== 'fault') counts[how]++
  tally.counts.set(name, counts)
  const wrong = [
    how === 'fault' ? line : '',
    seconds > mostSeconds ? `${seconds.toFixed(1)} s` : '',
    memory > mostMemory ? `${(memory / 2 ** 20).toFixed(0)} MiB` : '',
  ].filter(Boolean)
  tally.memory = Math.max(tally.memory, memory)
  if (wrong.length > 0) tally.findings.push({ subject, mutation, what: `${name} (${file}): ${wrong.join('; ')}` })
}
