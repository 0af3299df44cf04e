/** What was typed for an experiment without a network, as its configuration; options about training are refused. */
import { InputError } from '../errors.js'
import type { Sources } from '../experiments/read-config.js'
import { readStudyConfig, type StudyConfig, type StudyDefinition } from '../experiments/study.js'
import { runOptions, sourcesOf, type Typed } from './run-options.js'

/** The options that make sense without a network, and the keys that they stand for here. */
const keys: Record<string, string> = { seeds: 'seed', adapter: 'adapter' }
const others = ['quick', 'full', 'config', 'set', 'out', 'resume', 'force']

/** The checked configuration. Throws InputError at the first mistake. */
export async function studyConfig(
  definition: StudyDefinition,
  typed: Typed,
  given: Sources = sourcesOf(typed),
): Promise<StudyConfig> {
  refuse(definition.name, typed)
  const { options = [], ...rest } = given
  const sources: Sources = {
    ...rest,
    options: options.map(([option, key, text]) => (key === 'seeds' ? ['--seed', 'seed', text] : [option, key, text])),
  }
  return readStudyConfig(definition, sources)
}

function refuse(name: string, typed: Typed): void {
  const known = [...Object.keys(keys), ...others]
  const odd = Object.keys(runOptions).find((option) => !known.includes(option) && typed[option] !== undefined)
  if (odd === undefined) return
  const listed = ['quick', 'full', 'seed', 'config', 'set', 'adapter', 'out', 'resume', 'force'].map(
    (option) => `--${option}`,
  )
  throw new InputError(`--${odd}: ${name} trains no network: it has ${listed.join(', ')}`)
}
