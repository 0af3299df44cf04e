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
  /** Told of each finding at once. */
  found(finding: Finding): void
}

/** Of processor time for one file. */
export const mostSeconds = 2
export const mostMemory = 2 ** 30
/** Of the clock, on a machine with other work, before a process counts as hanging. */
const silence = 180_000

const child = fileURLToPath(new URL('child.ts', import.meta.url))

/** Mutations 0 .. count - 1 of every subject, or of those named. */
export async function fuzzed(
  count: number,
  names = subjects.map(({ name }) => name),
  found: (finding: Finding) => void = () => {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-hostile-'))
  const tally: Tally = { findings: [], counts: new Map(), memory: 0, found }
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
  const reader = spawn(process.execPath, [...words, JSON.stringify([folder, jobs.slice(0, 1000)])])
  let [begun, done, said, full] = [0, 0, '', false]
  const patience = setTimeout(() => reader.kill('SIGKILL'), silence)
  reader.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const ended = new Promise<string>((resolve) => {
    reader.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  for await (const line of createInterface(reader.stdout)) {
    patience.refresh()
    const outcome = JSON.parse(line) as Job | Outcome
    if (!('how' in outcome)) begun++
    else if (++done > 0) full = note(outcome, tally)
    if (full) reader.kill('SIGKILL')
  }
  clearTimeout(patience)
  const how = await ended
  if (how === 'exit code 0' || full) return done
  if (begun === done) throw new Error(`the reading process did not begin: ${how}: ${said}`)
  add({ ...jobs[done], what: `the process ended with ${how}: ${said.slice(-600)}` }, tally)
  return begun
}

function add(finding: Finding, { findings, found }: Tally): void {
  findings.push(finding)
  found(finding)
}

/** Whether the process holds more memory than it may, and must end. */
function note({ subject, mutation, file, how, line, seconds, memory }: Outcome, tally: Tally): boolean {
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
  if (wrong.length > 0) add({ subject, mutation, what: `${name} (${file}): ${wrong.join('; ')}` }, tally)
  return memory > mostMemory
}
