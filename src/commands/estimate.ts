/** infoflow estimate: parse, then hand over. What computes is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { declaredForEstimate } from './estimate-options.js'
import type { Typed } from './run-options.js'

/** Examples by hand: beside commands of this length yargs leaves no room for what they do. */
const epilogue = `Examples:
  infoflow estimate layer.npz --noise-std 0.1
    arrays s and x: the inputs are a sample of all that X can be
  infoflow estimate layer.arrow --noise-std 0.1 --inputs all --tolerance 0.01
    every input is in the file; queries until the interval is within 0.01 nats
  infoflow estimate run.parquet --noise-std 0.05 --by epoch,layer --out mi.arrow
    an answer for each epoch and layer, as a table too
  infoflow estimate layer.csv --s act --x image --noise-std 0.1 --json
    columns of other names; the answer as JSON, for programs

Regimes: exact (all inputs, one sample each), all (all inputs, many samples of
each), sample (some of the inputs), deterministic (--noise-std 0: no estimate).
Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment.`

export const estimate: CommandModule<object, Typed> = {
  command: 'estimate <samples>',
  describe: 'Estimate what a noisy layer knows about its input, from samples of any program',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 estimate <samples> --noise-std B [options]\n
Estimates I(X;T), what a noisy layer T = S + Z knows about its input X, from a
file of samples that any program wrote. All information is in nats.

A sample s is the value BEFORE the layer's own noise Z: what the layer computes
from its input, with the noise of all layers below switched on. Z is Gaussian
with standard deviation B in each direction; infoflow adds it itself. Samples
that hold Z already would count it twice.

Files: Arrow or Feather (.arrow, .feather, .arrows), Parquet, .npy, .npz, CSV.
One row a sample: s, and where known x (its input) and y (the label of x).
Without x every row is an input of its own.`,
      )
      .positional('samples', { type: 'string', describe: 'The file, such as layer.npz' })
      .options(declaredForEstimate())
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const { readRequest } = await import('./estimate-request.js')
    const request = readRequest(typed)
    const { performEstimate } = await import('./estimate-perform.js')
    await performEstimate(request)
  },
}
