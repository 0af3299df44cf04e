/** infoflow compare: runs side by side. What compares is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { compareOptions, readCompareRequest } from './compare-options.js'
import type { Typed } from './run-options.js'

/** Examples by hand: beside commands of this length yargs leaves no room for what they do. */
const epilogue = `Examples:
  infoflow compare results/szt-001
    one condition: did its layers compress, and did clusters go with it?
  infoflow compare results/szt-full results/orthonormal
    does it compress less? Differences are to the first, paired by seed
  infoflow compare results/szt-full results/deterministic --json
    do the bins of the one follow I(X;T) of the other? Every number
  infoflow compare results/szt-001 results/szt-002 --until 300
    runs of unequal length, or one that still goes on
  infoflow compare results/proxy-001 --out results/proxy-compared
    every run inside a folder; a table and a picture

Exit codes: 0 fine (also where claims fail), 1 a fault of infoflow, 2 input or
environment.`

export const compare: CommandModule<object, Typed> = {
  command: 'compare <runs..>',
  describe: 'Set runs side by side: does compression follow clustering?',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 compare <runs..> [options]\n
Sets runs side by side, from their tables: how far I(X;T) of each layer fell
from its highest value to its last, how much less than in the first run, and
whether it moved with the distances within classes and with H(Bin(T)), the
entropy of binned activations. Information is in nats. Says which claims hold,
which fail and which cannot be told.

Runs of one configuration with different seeds are one condition; every other
run is a condition named after its folder. The first is the reference. A folder
that holds runs stands for all of them. Runs may still go on.`,
      )
      .positional('runs', { type: 'string', array: true, describe: 'Folders of runs, such as results/szt-001' })
      .options(compareOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const request = readCompareRequest(typed)
    const { performComparison } = await import('./perform-comparison.js')
    await performComparison(request)
  },
}
