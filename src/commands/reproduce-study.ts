/** The command that repeats a study: every value in it that is not the study's own. */
import { modeDefaults, type StudyConfig, type StudyDefinition } from '../experiments/study.js'
import { leaves } from './reproduce.js'
import { shellCommand } from './shell.js'

/** `adapter` is the full name of the one in use: another one rounds differently. */
export function studyCommand(config: StudyConfig, definition: StudyDefinition, adapter: string): string {
  const own = new Map(leaves(modeDefaults(definition, config.mode)).map(([key, value]) => [key, JSON.stringify(value)]))
  const sets = leaves(config)
    .filter(([key, value]) => !['mode', 'seed', 'adapter'].includes(key) && own.get(key) !== JSON.stringify(value))
    .flatMap(([key, value]) => ['--set', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`])
  const mode = config.mode === 'full' ? ['--full'] : []
  return shellCommand([
    'infoflow',
    'run',
    definition.name,
    ...mode,
    '--seed',
    String(config.seed),
    ...sets,
    '--adapter',
    adapter,
  ])
}
