/** infoflow export: a run's tables for other programs. What writes them is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { exportOptions, readExportRequest } from './export-options.js'
import type { Typed } from './run-options.js'

/** Examples by hand: beside commands of this length yargs leaves no room for what they do. */
const epilogue = `Examples:
  infoflow export results/szt-001
    every table as Parquet, in results/szt-001/export
  infoflow export results/szt-001 --format csv --tables information,training
    two of them for a spreadsheet, or for R
  infoflow export results/szt-001 --format npz --out tables/szt
    for NumPy, an array a column, elsewhere
  infoflow export results/mnist-001 --out tables/mnist
    a run of several conditions: a folder for each

Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment.`

export const exportCommand: CommandModule<object, Typed> = {
  command: 'export <run>',
  describe: "Write a run's tables as Parquet, CSV or NumPy arrays",
  builder: (command: Argv) =>
    command
      .usage(
        `$0 export <run> [options]\n
Writes the tables of a run, or of every run in a folder, for programs that do
not read Arrow. A run may still go on: its rows so far are written. Prints a
line for each file.

parquet  the types that the tables have; units and meanings of columns in the
         file's metadata, under the key 'columns'
csv      numbers with all their digits, nothing where there is no value; a list
         of numbers has a column for each (s0, s1, ...), a list of texts is one,
         with ' | ' between; beside it a description of its columns
npz      an array for each column, NaN where there is no value; a list of
         numbers is a row of a matrix; the description is in _metadata`,
      )
      .positional('run', { type: 'string', describe: "A run's folder, such as results/szt-001" })
      .options(exportOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const request = readExportRequest(typed)
    const { performExport } = await import('./perform-export.js')
    performExport(request)
  },
}
