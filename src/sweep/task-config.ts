/** A task's configuration, by the way of any run: the experiment's values, the plan's base, its settings, its seeds. */
import type { Config } from '../experiments/config.js'
import type { ExperimentDefinition } from '../experiments/definition.js'
import { readConfig, type GivenValue } from '../experiments/read-config.js'
import { findDefinition, isStudy } from '../experiments/studies.js'
import { readStudyConfig, type StudyConfig, type StudyDefinition } from '../experiments/study.js'
import { at } from '../experiments/tree.js'
import { variantChanges } from '../experiments/variant.js'
import type { Plan } from './plan.js'

/** What is run, and with what: exactly what `infoflow run` goes on with. */
export type TaskRun =
  | { kind: 'network'; definition: ExperimentDefinition; config: Config }
  | { kind: 'study'; definition: StudyDefinition; config: StudyConfig }

/** What a configuration is read from; `given` in the order of a sweep file, later over earlier. */
export interface TaskSources {
  experiment: string
  base: unknown
  given: readonly GivenValue[]
  seeds: readonly number[]
  picked: Record<string, unknown>
}

/** @throws InputError: a value that the experiment's schema refuses, at its place */
export async function configured({ experiment, base, given, seeds, picked }: TaskSources): Promise<TaskRun> {
  const definition = findDefinition(experiment)
  const own = { value: 'seeds' }
  if (isStudy(definition)) {
    const seed: GivenValue = ['seed', seeds.length === 1 ? seeds[0] : seeds, own]
    return {
      kind: 'study',
      definition,
      config: await readStudyConfig(definition, { values: base, given: [...given, seed] }),
    }
  }
  const all = [...given, ['seeds', seeds, own] satisfies GivenValue]
  const read = (values: readonly GivenValue[]) =>
    readConfig(definition.defaults, { values: base, given: values }, variantChanges(definition))
  const config = read(all)
  const open = leftOpen(config).filter((key) => Object.hasOwn(picked, key))
  if (open.length === 0) return { kind: 'network', definition, config }
  const filled = open.map((key): GivenValue => [key, picked[key], { value: `${key}, picked for all tasks` }])
  return { kind: 'network', definition, config: read([...all, ...filled]) }
}

const pickable = ['epochs', 'count', 'replicas', 'ownReplicas', 'batches', 'queries'].map((key) =>
  key === 'epochs' ? `training.${key}` : `measurement.${key}`,
)

/** The keys that a calibration would pick; none of an experiment without a network. */
export function keysLeftOpen(run: TaskRun): string[] {
  return run.kind === 'network' ? leftOpen(run.config) : []
}

function leftOpen(config: Config): string[] {
  const open = pickable.filter((key) => at(config, key.split('.')) === 'auto')
  return config.measurement.epochs ? open.filter((key) => key !== 'measurement.count') : open
}

/** @throws InputError: a plan of another version, whose values are no longer known */
export function taskRun(plan: Plan, index: number): Promise<TaskRun> {
  const { setting, seeds } = plan.tasks[index]
  const place = { value: `plan.json: task ${index}` }
  const given = [plan.set, plan.settings[setting]].flatMap((group) =>
    Object.entries(group).map(([key, value]): GivenValue => [key, value, { value: `${place.value}: ${key}` }]),
  )
  return configured({ experiment: plan.experiment, base: plan.base, given, seeds, picked: plan.picked })
}
