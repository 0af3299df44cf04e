/**
 * Which task a member of an array job is, from what its scheduler says in the environment. Tasks count from 0; a scheduler
 * whose arrays begin at 1 is corrected here, the others are submitted as 0 to N - 1 (docs/cluster.md).
 */
import { InputError } from '../errors.js'

interface Scheduler {
  variable: string
  name: string
  /** What the first member of the array reads. */
  base: 0 | 1
  /** What it reads outside of an array. */
  none?: string
}

export const schedulers: readonly Scheduler[] = [
  { variable: 'SLURM_ARRAY_TASK_ID', name: 'Slurm', base: 0 },
  { variable: 'JOB_COMPLETION_INDEX', name: 'Kubernetes Indexed Job', base: 0 },
  { variable: 'PBS_ARRAY_INDEX', name: 'PBS', base: 0 },
  { variable: 'SGE_TASK_ID', name: 'Grid Engine', base: 1, none: 'undefined' },
  { variable: 'LSB_JOBINDEX', name: 'LSF', base: 1, none: '0' },
  { variable: 'AWS_BATCH_JOB_ARRAY_INDEX', name: 'AWS Batch', base: 0 },
]

/**
 * The index, from 0, and the variable that says it; null outside of any array job.
 * @throws InputError: a variable that holds no index; two that disagree
 */
export function arrayIndex(environment: NodeJS.ProcessEnv): { index: number; variable: string } | null {
  const said = schedulers.flatMap(({ variable, base, none }) => {
    const text = environment[variable]
    if (text === undefined || text === '' || text === none) return []
    if (!/^\d{1,9}$/.test(text) || Number(text) < base) {
      throw new InputError(`${variable}: '${text}' is not a whole number >= ${base}: give the task with --index`)
    }
    return [{ variable, text, base, index: Number(text) - base }]
  })
  const [first, ...others] = said
  if (first === undefined) return null
  const other = others.find(({ index }) => index !== first.index)
  if (other === undefined) return { index: first.index, variable: first.variable }
  const [one, two] = [first, other].map(({ variable, text, base, index }) => {
    return `${variable}=${text} (counted from ${base}) is task ${index}`
  })
  throw new InputError(`${one}, ${two}: they disagree: unset one of them, or give the task with --index`)
}
