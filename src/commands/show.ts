/** infoflow show: a run's end again. */
import type { Argv, CommandModule, Options } from 'yargs'
import { switched, type Typed } from './run-options.js'

export const showOptions: Record<string, Options> = {
  ascii: { type: 'boolean', describe: 'Plain ASCII alone; the default where TERM is dumb' },
}

const epilogue = `Examples:
  infoflow show results/szt-001
    how it ended, or how far it has come
  infoflow show results/mnist-001/noise-0.1
    one condition of a run of several
  infoflow show results/szt-001 --ascii > szt-001.txt
    for a mail, or a terminal without Unicode

Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment.`

export const show: CommandModule<object, Typed> = {
  command: 'show <run>',
  describe: "Print a run's closing table again, with charts",
  builder: (command: Argv) =>
    command
      .usage(
        `$0 show <run> [options]\n
Prints what a run came to: small charts of I(X;T) by layer, losses and accuracy
against the epoch, the closing table, warnings, and where its files are. The
run may have ended, been interrupted or failed, still go on, or be damaged:
what is missing is said. Information is in nats.`,
      )
      .positional('run', { type: 'string', describe: "A run's folder, such as results/szt-001" })
      .options(showOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const width = Math.min(160, Math.max(40, process.stdout.columns ?? 80))
    const ascii = switched(typed, 'ascii') ?? process.env.TERM === 'dumb'
    const { showText } = await import('./perform-show.js')
    process.stdout.write(`${showText(String(typed.run), { width, ascii })}\n`)
  },
}
