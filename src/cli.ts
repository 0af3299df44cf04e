#!/usr/bin/env node
/** The command line: names the commands, and turns every mistake into one line and an exit code. */
import yargs from 'yargs'
import { adapters } from './commands/adapters.js'
import { bench } from './commands/bench.js'
import { compare } from './commands/compare.js'
import { estimate } from './commands/estimate.js'
import { exportCommand } from './commands/export.js'
import { exitCodes, reportFailure } from './commands/failure.js'
import { init } from './commands/init.js'
import { list } from './commands/list.js'
import { measure } from './commands/measure.js'
import { mistyped } from './commands/mistyped.js'
import { profile } from './commands/profile.js'
import { report } from './commands/report.js'
import { run } from './commands/run.js'
import { show } from './commands/show.js'
import { sweep } from './commands/sweep.js'
import { validate } from './commands/validate.js'
import { versions } from './commands/versions.js'

const typed = process.argv.slice(2)

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.fine) // `infoflow ... | head` has read enough
  throw error
})
process.on('uncaughtException', (error) => process.exit(reportFailure(error)))

const commandLine = yargs(typed)
  .scriptName('infoflow')
  .locale('en')
  .usage('$0 <command>\n\nWhat the layers of a neural network still know about their input: I(X;T), on WebGPU.')
  .command(run)
  .command(measure)
  .command(init)
  .command(list)
  .command(show)
  .command(sweep)
  .command(compare)
  .command(report)
  .command(exportCommand)
  .command(estimate)
  .command(profile)
  .command(validate)
  .command(bench)
  .command(adapters)
  .completion('completion', "Print a completion script for your shell's profile")
  .example('$0 run szt', 'the main job, in a few minutes')
  .example('$0 run --help', 'everything that a run can be told')
  .example('$0 list', 'the runs that are there, and what came of each')
  .example('$0 show results/szt-001', 'the closing table of one again, with charts')
  .example('$0 compare results/szt-001 results/szt-002', 'runs side by side')
  .example('$0 report results/szt-001', 'one page that moves with the epochs, and its figures')
  .example('$0 export results/szt-001 --format csv', 'tables for other programs')
  .example('$0 sweep plan sweep.yaml', 'many runs, here or on a cluster')
  .example('$0 estimate layer.npz --noise-std 0.1', 'I(X;T) from samples of your own')
  .example("$0 measure my.yaml --weights 'net/*.safetensors'", 'a network that you have trained')
  .example('$0 init > my.yaml', 'a network of your own, as a file to begin with')
  .example('$0 profile szt', 'what each kernel takes')
  .example('$0 adapters', 'what a run could compute on')
  .example('$0 completion >> ~/.bashrc', 'complete commands and options from the next shell on')
  .epilogue(
    'Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 3 a check failed (or tasks of a sweep), 130 interrupted.',
  )
  .demandCommand(1)
  .strict()
  .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false })
  .version(versions().infoflow)
  .updateStrings({ string: 'value', boolean: 'switch' })
  .wrap(Math.min(100, process.stdout.columns ?? 80))
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? mistyped(message, typed)
  })

try {
  await commandLine.parseAsync()
} catch (error) {
  process.exitCode = reportFailure(error)
}
