/** infoflow bench: how fast it is, beside its plainest form and beside others, on this machine. */
import type { Argv, CommandModule } from 'yargs'
import { benchOptions, readBenchRequest } from './bench-options.js'
import type { Typed } from './run-options.js'

export const bench: CommandModule<object, Typed> = {
  command: 'bench',
  describe: 'Measure how fast kernels are, beside their naive versions and other programs',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 bench [options]\n
Does the same work in several ways, in turns: sums of Gaussian kernels, dense
layers, convolutions, training, and pruned sums beside full ones; by a naive
kernel, by those in use, and by PyTorch, scikit-learn and jax-js where they are
installed. Everything is checked against f64 references first; what does not
agree is not timed. Ratios count: they are of passes side by side. Also shown is
processor time, which other work on the machine does not inflate. Writes
bench.md and bench.arrow. Twenty minutes and more on two cores; best on an idle
machine.`,
      )
      .options(benchOptions)
      .example('$0 bench --quick', 'a first look, in a minute or two')
      .example('$0 bench --only sums', 'the kernel that everything waits for')
      .example('$0 bench --only none --scaling', 'cost against the number of centers')
      .epilogue(
        'Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 3 something did not agree, 130 interrupted.',
      ) as Argv<Typed>,
  handler: async (typed) => {
    const asked = readBenchRequest(typed)
    const { performBench } = await import('./perform-bench.js')
    process.exitCode = await performBench(asked)
  },
}
