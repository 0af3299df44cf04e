/** infoflow measure: weights that are there, measured. What computes is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { measureOptions } from './measure-options.js'
import { single, switched, type Typed } from './run-options.js'

/** Examples by hand: beside commands of this length yargs leaves no room for what they do. */
const epilogue = `Examples:
  infoflow measure my.yaml --weights 'checkpoints/*.safetensors' --noise-std 0.1
    the curves of a network that was trained elsewhere, without training
  infoflow measure my.yaml --weights last.safetensors --noise-std 0.01,0.1,1
    a sweep: I(X;T) against the noise
  infoflow measure my.yaml --weights model.onnx --noise-std 0.1
    a graph in ONNX; my.yaml may leave out the network
  infoflow measure my.yaml --weights last.safetensors --map 1=encoder.fc1 2=head
    where the names of the tensors do not say which layer is which
  infoflow measure results/szt-001
    a run's own weights (run --save-weights) again: the run's own rows

Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 130 interrupted
(what was measured is kept).`

export const measure: CommandModule<object, Typed> = {
  command: 'measure <model>',
  describe: 'Measure a network whose weights you have, without training it',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 measure <model> --weights FILES [options]\n
Sends noise through a network with given weights, checkpoint by checkpoint, and
measures I(X;T): the tables, pictures and words of a run, without the training.
The model is a file that describes network and data (infoflow init > my.yaml),
a built-in experiment, or the folder of a run. All information is in nats.

PyTorch: scripts/torch_export.py writes weights, data and the file. Names of a
state_dict are matched to layers by name, order and shape. Pickles (.pt, .pth)
are not read, as they can run code.

Noise that was not part of training is a question put to the network: how much
would its layers know under it? I(X;T) depends on its size, so try several.`,
      )
      .positional('model', { type: 'string', describe: 'my.yaml, szt or results/szt-001' })
      .options(measureOptions)
      .epilogue(epilogue) as Argv<Typed>,
  handler: async (typed) => {
    const { measureRequest } = await import('./measure-request.js')
    const { definition, config, name } = measureRequest(String(typed.model), typed)
    const [force, resume] = [switched(typed, 'force') ?? false, switched(typed, 'resume') ?? false]
    const where = { out: single(typed, 'out'), force, resume, name }
    const perform = definition.panel
      ? (await import('./perform-conditions.js')).performConditions
      : (await import('./perform-run.js')).performRun
    process.exitCode = await perform(definition, config, where)
  },
}
