/** infoflow list: the runs that are there. */
import type { Argv, CommandModule, Options } from 'yargs'
import { switched, type Typed } from './run-options.js'

export const listOptions: Record<string, Options> = {
  json: { type: 'boolean', describe: 'Print an array with an object for each run, and nothing else' },
}

const epilogue = `Examples:
  infoflow list
    the runs under results/, the newest last
  infoflow list results/reference
    those of another folder
  infoflow list --json
    for programs: folder, status, seeds, seconds, outcome and more

Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment.`

export const list: CommandModule<object, Typed> = {
  command: 'list [folder]',
  describe: 'List the runs in a folder, and what came of each',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 list [folder] [options]\n
Lists the runs under results/, or in another folder, the newest last: status,
when and how long, seeds, epochs, adapter, and in a line what came of it.`,
      )
      .positional('folder', { type: 'string', describe: 'Where to look, by default results' })
      .options(listOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const folder = typed.folder === undefined ? 'results' : String(typed.folder)
    const { listText } = await import('./perform-list.js')
    process.stdout.write(`${listText(folder, { json: switched(typed, 'json') ?? false })}\n`)
  },
}
