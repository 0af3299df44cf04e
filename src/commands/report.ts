/** infoflow report: runs as one page that moves. What draws is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { readReportRequest, reportOptions } from './report-options.js'
import type { Typed } from './run-options.js'

export const report: CommandModule<object, Typed> = {
  command: 'report <runs..>',
  describe: 'One page from runs: figures that move with the epochs',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 report <runs..> [options]\n
Writes one HTML file that opens from disk and loads nothing: information,
losses, the information plane, activations, where the inputs lie in the last
hidden layer, distances, binned entropies, rivals, warnings, and what was run.
A slider goes through the epochs. The same figures lie beside it in figures/,
as SVG, PNG, vega-lite specification and CSV.

Runs of one configuration with different seeds are one condition, drawn as
medians; several conditions are laid over each other. A folder that holds runs
stands for all of them. Of runs that still go on, or are damaged, it shows what
there is and says what is missing. A report that is there is replaced.`,
      )
      .positional('runs', { type: 'string', array: true, describe: 'Folders of runs, such as results/szt-001' })
      .options(reportOptions)
      .example('$0 report results/szt-001', 'results/szt-001/report.html, and figures/')
      .example('$0 report results/a results/b --out both.html', 'two runs, one over the other')
      .example('$0 report results/szt-001 --style paper', 'figures for a column of print') as Argv<Typed>,
  handler: async (typed) => {
    const request = readReportRequest(typed)
    const { performReport } = await import('./perform-report.js')
    await performReport(request)
  },
}
