/** DIR/slurm: the scripts that were submitted, and the numbers that their jobs got. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { plainJson } from '../tables/plain-json.js'

const id = z.string().regex(/^\d+$/)
const jobsSchema = z.array(z.strictObject({ tasks: id, merge: id, submitted: z.string() }))

export type SubmittedJobs = z.infer<typeof jobsSchema>

const pathOf = (folder: string) => join(folder, 'slurm', 'jobs.json')

/** In the order of submission; none where nothing readable says so. */
export function submittedJobs(folder: string): SubmittedJobs {
  if (!existsSync(pathOf(folder))) return []
  try {
    return jobsSchema.parse(plainJson(pathOf(folder)))
  } catch {
    return []
  }
}

/** @throws InputError on a full disk */
export function noteSubmitted(folder: string, job: SubmittedJobs[number]): void {
  const text = JSON.stringify([...submittedJobs(folder), job], null, 2)
  try {
    writeAtomically(pathOf(folder), (file) => writeFully(file, Buffer.from(`${text}\n`)))
  } catch (error) {
    throw diskError(error, `${pathOf(folder)}: cannot write`)
  }
}

/** Writes the scripts beside the folder for logs, which Slurm does not make; returns their paths. @throws InputError on a full disk */
export function writeScripts(
  folder: string,
  scripts: { tasks: string; merge: string },
): { tasks: string; merge: string } {
  const [tasks, merge] = ['tasks.sh', 'merge.sh'].map((name) => join(folder, 'slurm', name))
  try {
    for (const name of ['slurm', 'logs']) mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(tasks, scripts.tasks)
    writeFileSync(merge, scripts.merge)
  } catch (error) {
    throw diskError(error, `${join(folder, 'slurm')}: cannot write the scripts`)
  }
  return { tasks, merge }
}
