/**
 * The process that reads damaged files, so that what kills it kills no test: argv holds a folder and the jobs, as JSON. Each
 * line that it prints is the number of a job that begins, or what became of it.
 */
import { writeFileSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { InputError } from '../../src/errors.js'
import { mutated } from './mutate.js'
import { laidOut, subjects, type Subject } from './subjects.js'

export interface Job {
  subject: number
  mutation: number
}

export interface Outcome extends Job {
  file: string
  how: 'read' | 'refused' | 'fault'
  /** What was said. */
  line: string
  /** Of processor time. */
  seconds: number
  /** Bytes that the process has ever held. */
  memory: number
}

type Valid = ReturnType<typeof laidOut>

async function attempt(subject: Subject, path: string, folder: string): Promise<Pick<Outcome, 'how' | 'line'>> {
  try {
    await subject.read(path, folder)
    return { how: 'read', line: '' }
  } catch (error) {
    const { message, stack } = error as Error
    if (!(error instanceof InputError)) return { how: 'fault', line: stack ?? message }
    const isLine = !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(message)
    return {
      how: isLine ? 'refused' : 'fault',
      line: isLine ? message : `not one plain line: ${JSON.stringify(message)}`,
    }
  }
}

async function outcomeOf(job: Job, valid: Valid, folder: string): Promise<Outcome> {
  const subject = subjects[job.subject]
  const [path, bytes] = valid[job.mutation % valid.length]
  const wrong = mutated(bytes, job.subject, job.mutation)
  writeFileSync(path, subject.wrap ? subject.wrap(wrong) : wrong)
  const before = process.cpuUsage()
  const found = await attempt(subject, path, folder)
  const { user, system } = process.cpuUsage(before)
  writeFileSync(path, subject.wrap ? subject.wrap(Buffer.from(bytes)) : bytes)
  const memory = 1024 * process.resourceUsage().maxRSS
  return { ...job, file: basename(path), ...found, seconds: (user + system) / 1e6, memory }
}

const [folder, jobs] = JSON.parse(process.argv[2]) as [string, Job[]]
const laid = new Map<number, Valid>()
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

for (const job of jobs) {
  const own = join(folder, String(job.subject))
  if (!laid.has(job.subject)) {
    const subject = subjects[job.subject]
    const valid = laidOut(subject, own)
    // Whole files are read first: what a first call costs is no file's fault, and a valid file must be one.
    for (const [path] of valid) {
      const { how, line } = await attempt(subject, path, own)
      if (how !== 'read') throw new Error(`${subject.name}: ${path}: ${line}`)
    }
    laid.set(job.subject, valid)
  }
  tell(job)
  tell(await outcomeOf(job, laid.get(job.subject)!, own))
}
