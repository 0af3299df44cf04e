/** What yargs says of a command line that it does not understand, said as one line that helps. */
import { InputError, nearest, unknownName } from '../errors.js'
import { compareOptions } from './compare-options.js'
import { estimateOptions } from './estimate-options.js'
import { exportOptions } from './export-options.js'
import { initOptions } from './init.js'
import { listOptions } from './list.js'
import { measureOptions } from './measure-options.js'
import { profileOptions } from './profile-options.js'
import { runOptions } from './run-options.js'
import { showOptions } from './show.js'
import { sweepCommands, sweepOptions } from './sweep-options.js'
import { validateOptions } from './validate.js'

const commands = [
  'run',
  'measure',
  'init',
  'list',
  'show',
  'sweep',
  'compare',
  'report',
  'export',
  'estimate',
  'profile',
  'bench',
  'validate',
  'adapters',
  'completion',
]
const common = ['help', 'version']
const ofCommand: Record<string, string[]> = {
  adapters: ['json'],
  compare: Object.keys(compareOptions),
  estimate: Object.keys(estimateOptions),
  export: Object.keys(exportOptions),
  init: Object.keys(initOptions),
  list: Object.keys(listOptions),
  measure: Object.keys(measureOptions),
  profile: Object.keys(profileOptions),
  run: Object.keys(runOptions),
  show: Object.keys(showOptions),
  sweep: sweepOptions.flatMap((options) => Object.keys(options)),
  validate: Object.keys(validateOptions),
}

/** The InputError for yargs's message about the arguments typed; the first mistake of several. */
export function mistyped(message: string, typed: readonly string[]): InputError {
  const [, kind, names] = /^Unknown (argument|command)s?: (.*)$/.exec(message) ?? []
  if (names === undefined) return incomplete(message, typed)
  const name = names.split(', ')[0]
  if (typed[0] === 'sweep' && typed[1] === name) return unknownName('command of sweep', name, sweepCommands)
  if (kind === 'command' || typed[0] === name) return unknownName('command', name, commands)
  const option = typed.find((argument) => argument.split('=')[0].replace(/^-+/, '') === name && argument !== name)
  if (option === undefined) return new InputError(`'${name}': expected nothing here: see infoflow ${typed[0]} --help`)
  return unknownOption(option.split('=')[0], name, typed[0])
}

function unknownOption(option: string, name: string, command: string): InputError {
  if (name.includes('.') && command === 'run')
    return new InputError(`unknown option '${option}': write --set ${name}=VALUE`)
  if (command === 'run' && Object.hasOwn(measureOptions, name))
    return new InputError(`unknown option '${option}': run trains; infoflow measure takes --${name}`)
  const near = nearest(name, [...(ofCommand[command] ?? ofCommand.run), ...common])
  const hint = near ? `did you mean '--${near}'?` : `see infoflow ${command} --help`
  return new InputError(`unknown option '${option}': ${hint}`)
}

function incomplete(message: string, typed: readonly string[]): InputError {
  if (!message.startsWith('Not enough non-option arguments')) return new InputError(message.replace(/\s+/g, ' '))
  if (typed[0] === 'run')
    return new InputError('run: no experiment given, expected its name, such as: infoflow run szt')
  if (typed[0] === 'profile')
    return new InputError('profile: no experiment given, expected its name, such as: infoflow profile szt')
  if (typed[0] === 'measure')
    return new InputError(
      'measure: no model given, expected a file such as my.yaml, or a run, such as: infoflow measure my.yaml --weights net.safetensors',
    )
  if (typed[0] === 'sweep') return incompleteSweep(typed[1])
  if (typed[0] === 'compare')
    return new InputError('compare: no run given, expected folders of runs, such as: infoflow compare results/szt-001')
  if (typed[0] === 'show')
    return new InputError('show: no run given, expected its folder, such as: infoflow show results/szt-001')
  if (typed[0] === 'export')
    return new InputError('export: no run given, expected its folder, such as: infoflow export results/szt-001')
  if (typed[0] === 'estimate')
    return new InputError(
      'estimate: no file given, expected samples, such as: infoflow estimate layer.npz --noise-std 0.1',
    )
  return new InputError(`no command given, expected one of: ${commands.join(', ')}; see infoflow --help`)
}

function incompleteSweep(command: string | undefined): InputError {
  if (command === 'plan')
    return new InputError('sweep plan: no file given, expected a sweep, such as: infoflow sweep plan sweep.yaml')
  if (command !== undefined && sweepCommands.includes(command))
    return new InputError(
      `sweep ${command}: no folder given, expected that of a plan, such as: infoflow sweep ${command} results/sweep-001`,
    )
  return new InputError(
    `sweep: no command given, expected one of: ${sweepCommands.join(', ')}; see infoflow sweep --help`,
  )
}
