/** infoflow init: a configuration as a file to begin with, and the schema that editors complete it from. */
import type { Argv, CommandModule } from 'yargs'
import { single, switched, type Typed } from './run-options.js'

export const initOptions = {
  variant: { type: 'string', describe: 'A variant of the experiment, such as relu' },
  schema: { type: 'boolean', describe: 'Print the JSON schema instead, for completion in editors' },
} as const

const epilogue = `Examples:
  infoflow init > my.yaml
    a network of your own on data of your own: edit it, then infoflow run my.yaml
  infoflow init szt > szt.yaml
    a built-in experiment as the file that it is
  infoflow init szt --variant relu > relu.yaml
    one of its variants
  infoflow init --schema > infoflow.schema.json
    beside the files, so that editors with a YAML language server complete keys

Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment.`

export const init: CommandModule<object, Typed> = {
  command: 'init [experiment]',
  describe: 'Print a configuration file, commented: your own network, or a built-in experiment',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 init [experiment] [options]\n
Prints a YAML file with every key, its value and what it means: for a network
of your own, or of a built-in experiment. infoflow run FILE trains it, and
infoflow measure FILE --weights FILES measures weights that you have.`,
      )
      .positional('experiment', { type: 'string', describe: 'custom (default), szt or any other experiment' })
      .options(initOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const { initText, schemaText } = await import('./init-text.js')
    const asked = typed.experiment === undefined ? 'custom' : String(typed.experiment)
    const text = switched(typed, 'schema') ? schemaText() : initText(asked, single(typed, 'variant'))
    process.stdout.write(text)
  },
}
