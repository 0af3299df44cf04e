import type { ExperimentDefinition } from '../experiments/definition.js'
import { titleOf } from '../experiments/variant.js'
import type { SettledConfig } from '../experiments/settle.js'
import type { OpenAdapter } from '../gpu/adapter.js'
import { shaderHashes } from '../gpu/shader.js'
import { configurationHash } from '../tables/configuration-hash.js'
import { gitCommit } from '../tables/git-commit.js'
import type { TableMetadata } from '../tables/schema.js'
import { schemaVersion } from '../tables/schema.js'
import { reproduceCommand } from './reproduce.js'
import { shellCommand } from './shell.js'
import { packageFolder, versions } from './versions.js'

/**
 * What run.json says beside the status: all that a run's numbers come from, and the commands that give them again.
 * @param gpuFrom the kernel in GPU_FROM, where it is set
 */
export function runRecord(
  settled: SettledConfig,
  definition: ExperimentDefinition,
  adapter: OpenAdapter,
  gpuFrom?: string,
) {
  const reproduce = reproduceCommand(settled, definition, adapter.name)
  const record = recordOf(settled, titleOf(definition, settled), reproduce, adapter, gpuFrom)
  return { ...record, ...(definition.weights && { weights: definition.weights.files }) }
}

/** The same for any configuration with a mode, and the command that gives its numbers again. */
export function recordOf<C extends { mode: string }>(
  configuration: C,
  title: string,
  reproduce: string,
  adapter: OpenAdapter,
  gpuFrom?: string,
) {
  const environment = gpuFrom === undefined ? '' : `GPU_FROM=${gpuFrom} `
  const { mode } = configuration
  return {
    // quick runs say so wherever they show up
    title: mode === 'quick' ? `${title} (quick)` : title,
    mode,
    schema_version: schemaVersion,
    command: environment + shellCommand(['infoflow', ...process.argv.slice(2)]),
    reproduce: environment + reproduce,
    configuration,
    configuration_hash: configurationHash(configuration),
    versions: versions(),
    git_commit: gitCommit(packageFolder),
    adapter: { name: adapter.name, kind: adapter.kind, backend: adapter.backend, from: adapter.rung },
    ...(gpuFrom && { gpu_from: gpuFrom }),
    shader_hashes: shaderHashes(),
    started: new Date().toISOString(),
  }
}

/** What every table of the run carries. */
export function tableMetadata({
  title,
  mode,
  configuration_hash,
}: Pick<ReturnType<typeof recordOf>, 'title' | 'mode' | 'configuration_hash'>): TableMetadata {
  return { configuration_hash, title, mode }
}
