/** infoflow run: parse, then hand over. What computes, and the experiments themselves, are imported when they are wanted, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { declared, single, switched, type Typed } from './run-options.js'

/** Names are offered for completion only: as `choices` yargs would refuse a mistyped one without the nearest. */
const completing = process.argv.includes('--get-yargs-completions')

export const run: CommandModule<object, Typed> = {
  command: 'run <experiment>',
  describe: 'Train a noisy network and measure what its layers know about their input',
  builder: async (command: Argv) => {
    const { experiments } = await import('../experiments/registry.js')
    const { studies } = await import('../experiments/studies.js')
    const names = [...Object.keys(experiments), ...Object.keys(studies)]
    const list = [experiments, studies].map((some) =>
      Object.values(some).map(({ name, shows }) => `  ${name}: ${shows}`),
    )
    return command
      .usage(
        `$0 run <experiment> [options]\n\nTrains a noisy network, and now and then measures I(X;T), what each
layer still knows about its input. All information is in nats.\n\nExperiments:\n${list[0].join('\n')}
\nWithout a network, the estimator itself (--seed, --quick, --full, --config, --set, --adapter, --out, --force):
${list[1].join('\n')}`,
      )
      .positional('experiment', {
        type: 'string',
        describe: `Name: ${names.join(', ')}; a file that holds one, such as my.yaml; with --resume also the folder of a run`,
        ...(completing && { choices: names }),
      })
      .options(declared())
      .example('$0 run szt', 'a few minutes: the layers gain information, then lose it')
      .example('$0 run szt --full --seed 2', "the paper's 10,000 epochs, from another start")
      .example('$0 run szt --epochs 300 --measurements 30', 'a length of your own; the rest is picked to fit')
      .example('$0 run szt --variant orthonormal', 'weights kept nearly orthonormal: little compression')
      .example('$0 run szt --set noise.std=0.01', 'any key of the configuration')
      .example('$0 run szt --config my.yaml --out results/mine', 'keys from a file, a folder by name')
      .example('$0 run my.yaml', 'a network of your own (see: infoflow init --help)')
      .example('$0 run results/szt-001 --resume', 'a run that was ended, gone on with')
      .epilogue(
        'A value is looked for in the options, then in --set, then in the --config file, then in the experiment.\n' +
          'Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 130 interrupted (what was measured is kept).',
      ) as Argv<Typed>
  },
  handler: async (typed) => {
    const { isStudy } = await import('../experiments/studies.js')
    const { requested } = await import('./run-request.js')
    const { definition, sources, name, folder } = requested(String(typed.experiment), typed)
    const [force, resume] = [switched(typed, 'force') ?? false, switched(typed, 'resume') ?? false]
    const where = { out: folder ?? single(typed, 'out'), force, resume, name }
    if (isStudy(definition)) {
      const { studyConfig } = await import('./study-request.js')
      const config = await studyConfig(definition, typed, sources)
      const { performStudy } = await import('./perform-study.js')
      process.exitCode = await performStudy(definition, config, where)
      return
    }
    const { readConfig } = await import('../experiments/read-config.js')
    const { variantChanges } = await import('../experiments/variant.js')
    const config = readConfig(definition.defaults, sources, variantChanges(definition))
    const perform = definition.panel
      ? (await import('./perform-conditions.js')).performConditions
      : (await import('./perform-run.js')).performRun
    process.exitCode = await perform(definition, config, where)
  },
}
