/** infoflow bench: how fast it is, beside its plainest form and beside others, on this machine. */
import type { Argv, CommandModule, Options } from 'yargs'
import { parts, type Part } from '../bench/parts.js'
import { InputError, unknownName } from '../errors.js'
import { single, switched, type Typed } from './run-options.js'

export const benchOptions: Record<string, Options> = {
  quick: { type: 'boolean', describe: 'A minute or two on software: smaller sizes, 3 rounds' },
  only: {
    type: 'string',
    describe: `Some of the tables, such as sums,training; of ${parts.join(', ')}; none: with --scaling, that alone`,
  },
  scaling: { type: 'boolean', describe: 'Also the cost of sums against the number of centers, as table and picture' },
  centers: {
    type: 'string',
    describe: 'Of --scaling, at most, such as 2^20 or 65536 (default 2^18 on software, 2^20 on a GPU; --quick 2^15)',
  },
  out: { type: 'string', describe: 'Folder (default: the next free results/bench-001, -002, ...)' },
  force: { type: 'boolean', describe: 'Replace the bench that --out holds' },
  adapter: { type: 'string', describe: "Part of an adapter's name, such as swift (see: infoflow adapters)" },
}

/** What was asked for. */
export interface BenchAsked {
  quick: boolean
  only: Part[]
  scaling: boolean
  centers?: number
  out?: string
  force: boolean
  adapter?: string
}

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
    const asked = askedOf(typed)
    const { performBench } = await import('./perform-bench.js')
    process.exitCode = await performBench(asked)
  },
}

function askedOf(typed: Typed): BenchAsked {
  const scaling = switched(typed, 'scaling') ?? false
  const [only, centers] = [single(typed, 'only'), single(typed, 'centers')]
  if (centers !== undefined && !scaling)
    throw new InputError('--centers: says how far --scaling goes, which is not given')
  if (only === 'none' && !scaling) throw new InputError('--only none: leaves nothing to do without --scaling')
  return {
    ...{ quick: switched(typed, 'quick') ?? false, only: partsOf(only), scaling, centers: countOf(centers) },
    ...{ out: single(typed, 'out'), force: switched(typed, 'force') ?? false, adapter: single(typed, 'adapter') },
  }
}

function partsOf(text: string | undefined): Part[] {
  if (text === undefined) return [...parts]
  if (text === 'none') return []
  return text.split(',').map((name) => {
    const part = parts.find((one) => one === name)
    if (part === undefined) throw unknownName('table in --only', name, [...parts, 'none'])
    return part
  })
}

/** '65536' or '2^16', a power of two. */
function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const power = /^2\^(\d{1,2})$/.exec(text)
  const count = power ? 2 ** Number(power[1]) : /^\d{1,8}$/.test(text) ? Number(text) : NaN
  if (count >= 2 ** 12 && count <= 2 ** 22 && Number.isInteger(Math.log2(count))) return count
  throw new InputError(`--centers: '${text}' is not a power of two from 2^12 to 2^22`)
}
