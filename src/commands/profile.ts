/** infoflow profile: parse, then hand over. What computes is imported when it begins, so that --help comes at once. */
import type { Argv, CommandModule } from 'yargs'
import { profileOptions, stepsTyped } from './profile-options.js'
import { single, switched, type Typed } from './run-options.js'

export const profile: CommandModule<object, Typed> = {
  command: 'profile <experiment>',
  describe: 'Time every kernel of an experiment, beside what the adapter can do',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 profile <experiment> [options]\n
Trains some steps and measures once, as a run does, with every dispatch timed:
what each kernel takes and does, how near that is to the roof, which is measured
on the spot (multiplications and additions, exponentials, bytes), what the host
does meanwhile, and what the profiling itself costs. Writes kernels.arrow, a
roofline picture, and trace.json, which ui.perfetto.dev opens.`,
      )
      .positional('experiment', {
        type: 'string',
        describe: 'One with a network, such as szt; or a file, such as my.yaml',
      })
      .options(profileOptions)
      .example('$0 profile szt', 'training in one kernel, and a measurement')
      .example('$0 profile szt --per-layer', 'training with a dispatch a layer')
      .example('$0 profile my.yaml --steps 50', 'a network of your own')
      .epilogue(
        'Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 130 interrupted (nothing is written).',
      ) as Argv<Typed>,
  handler: async (typed) => {
    const steps = stepsTyped(typed)
    const { isStudy } = await import('../experiments/studies.js')
    const { requested } = await import('./run-request.js')
    const { definition, sources, name } = requested(String(typed.experiment), typed)
    const { performProfile, withoutNetwork } = await import('./perform-profile.js')
    if (isStudy(definition)) throw withoutNetwork(definition.name)
    const { readConfig } = await import('../experiments/read-config.js')
    const { variantChanges } = await import('../experiments/variant.js')
    const config = readConfig(definition.defaults, sources, variantChanges(definition))
    const out = { out: single(typed, 'out'), force: switched(typed, 'force') ?? false, name: `${name}-profile` }
    const how = {
      steps,
      perLayer: switched(typed, 'per-layer') ?? false,
      hostTimes: switched(typed, 'host-times') ?? false,
    }
    process.exitCode = await performProfile(definition, config, out, how)
  },
}
