/** The options of `infoflow bench`, and what they ask for. */
import type { Options } from 'yargs'
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

/** Throws InputError for what is no part, no number, or asks for nothing. */
export function readBenchRequest(typed: Typed): BenchAsked {
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
