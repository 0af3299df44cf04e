/** A run that is gone on with: what was picked for it, and that it is the same run on the same adapter. */
import { InputError } from '../errors.js'
import type { Picked, SettledConfig } from '../experiments/settle.js'
import type { RunRecord } from '../tables/run-folder.js'
import { leaves } from './reproduce.js'
import type { recordOf } from './run-record.js'
import { shellCommand } from './shell.js'

/** What run.json says of a run that had begun. */
export type Begun<Record = ReturnType<typeof recordOf<SettledConfig>> & { expected_seconds: number }> = RunRecord &
  Record

/** What the calibration had picked, or somebody given. */
export function pickedOf({ configuration, expected_seconds: seconds }: Begun): Picked & { seconds: number } {
  const { seeds, training, measurement } = configuration
  const { count, replicas, ownReplicas, batches, queries } = measurement
  return { seeds, epochs: training.epochs, measurements: count, replicas, ownReplicas, batches, queries, seconds }
}

/** What run.json says from now on: when it began, and each time that it was gone on with. */
export function goneOnWith<Record extends object>(begun: Begun<Record>): Record {
  const { status: _, ended: __, error: ___, seconds: ____, resumed = [], ...record } = begun
  const now = { at: new Date().toISOString(), command: shellCommand(['infoflow', ...process.argv.slice(2)]) }
  return { ...record, resumed: [...(resumed as object[]), now] } as unknown as Record
}

type Same = Pick<
  ReturnType<typeof recordOf>,
  'configuration' | 'configuration_hash' | 'versions' | 'adapter' | 'shader_hashes'
> & {
  weights?: unknown
  gpu_from?: unknown
}

/**
 * Rows before and after must be of one computation, which whoever reads the tables could not see otherwise: so all that numbers depend on
 * must be as it was.
 * @throws InputError: the first thing that is not
 */
export function requireSame(path: string, begun: Same, now: Same): void {
  const other = (what: string, was: unknown, is: unknown) =>
    new InputError(
      `${path}: ${what}: this run has ${shown(was)}, now it is ${shown(is)}: go on with what it has (infoflow run ${path} --resume), ` +
        'or start another one with another --out',
    )
  if (begun.configuration_hash !== now.configuration_hash) {
    const [was, is] = [begun, now].map(({ configuration }) => new Map(leaves(configuration)))
    const key = [...was.keys(), ...is.keys()].find((one) => shown(was.get(one)) !== shown(is.get(one)))
    throw other(key ?? 'configuration', was.get(key!), is.get(key!))
  }
  const facts = ({ versions, adapter, shader_hashes, weights, gpu_from }: Same) => ({
    'version of infoflow': versions.infoflow,
    'version of webgpu': versions.webgpu,
    adapter: `${adapter.name} (${adapter.kind}, ${adapter.backend})`,
    GPU_FROM: gpu_from,
    shaders: shader_hashes,
    weights,
  })
  const [was, is] = [facts(begun), facts(now)]
  for (const key of Object.keys(was) as (keyof typeof was)[]) {
    if (shown(was[key]) === shown(is[key])) continue
    if (key !== 'shaders' && key !== 'weights') throw other(key, was[key], is[key])
    throw new InputError(
      `${path}: its ${key} are not those it began with, so its numbers would be other ones: start it again with --force`,
    )
  }
}

const shown = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none'))
