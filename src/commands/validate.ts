/** infoflow validate: the estimator against what is known, on this machine's adapter. */
import type { Argv, CommandModule, Options } from 'yargs'
import { InputError } from '../errors.js'
import { exitCodes } from './failure.js'
import { single, switched, type Typed } from './run-options.js'

/** Repetitions where none are asked for. */
const [usual, quickly] = [200, 20]

export const validateOptions: Record<string, Options> = {
  quick: { type: 'boolean', describe: 'Within a minute on software: the smaller cases, 20 repetitions' },
  repetitions: {
    type: 'string',
    describe: 'Of each small case, for the coverage, such as 200 (default); 0: none',
  },
  json: { type: 'boolean', describe: 'Print everything as one JSON object, such as {"cases": [...], ...}' },
  adapter: { type: 'string', describe: "Part of an adapter's name, such as swift (see: infoflow adapters)" },
}

export const validate: CommandModule<object, Typed> = {
  command: 'validate',
  describe: 'Hold the estimator against closed forms, and its intervals against what they claim',
  builder: (command: Argv) =>
    command
      .usage(
        '$0 validate [options]\n\nEstimates I(X;T), in nats, of samples whose information is known, prints truth and\n' +
          'estimate side by side, and counts how often 95 % intervals hold the truth. Writes nothing.',
      )
      .options(validateOptions)
      .example('$0 validate --quick', 'does the estimator work on this machine?')
      .example('$0 validate --repetitions 1000', 'how often the intervals cover, to a per cent')
      .epilogue('Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 3 a check failed.') as Argv<Typed>,
  handler: async (typed) => {
    const quick = switched(typed, 'quick') ?? false
    const repetitions = count(single(typed, 'repetitions')) ?? (quick ? quickly : usual)
    const asked = { quick, repetitions, json: switched(typed, 'json') ?? false, adapter: single(typed, 'adapter') }
    const { performValidation } = await import('./perform-validation.js')
    process.exitCode = (await performValidation(asked)) ? exitCodes.fine : exitCodes.checkFailed
  },
}

function count(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InputError(`--repetitions: '${text}' is not a whole number from 0 to 999999`)
}
