/** infoflow adapters: what a run could compute on, best first. */
import type { CommandModule } from 'yargs'
import type { FoundAdapter } from '../gpu/adapter.js'

export const adapters: CommandModule<object, { json: boolean }> = {
  command: 'adapters',
  describe: 'List the adapters of this machine, best first, and which one a run would take',
  builder: (command) =>
    command
      .option('json', { type: 'boolean', default: false, describe: 'Print everything as JSON; [] when there is none' })
      .example('$0 adapters', 'what is here, and which one is taken')
      .example('$0 run szt --adapter llvmpipe', 'take another: any part of its name, in any case'),
  handler: async ({ json }) => {
    console.log(await adaptersReport({ json }))
  },
}

/**
 * The text that the command prints: a table in order of preference, or JSON with all features and limits (bytes).
 * @throws InputError: no adapter at all (as text only; as JSON it is an empty list)
 */
export async function adaptersReport(options: { json?: boolean } = {}): Promise<string> {
  const { listAdapters, noAdapter } = await import('../gpu/adapter.js')
  const found = await listAdapters()
  if (options.json) return JSON.stringify(found, null, 2)
  if (found.length === 0) throw noAdapter()
  return adaptersTable(found)
}

/** The table of adapters with a '*' at the one a run takes, and below it what to do to get another. */
export function adaptersTable(found: readonly FoundAdapter[], platform: string = process.platform): string {
  const rows = [HEAD, ...found.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
  const notes = ['', "* what a run takes; to take another, add --adapter 'PART OF ITS NAME'"]
  if (found.every((one) => one.kind === 'software')) notes.push(softwareOnly(platform))
  return [...lines, ...notes].join('\n')
}

const HEAD = [' ', 'name', 'kind', 'backend', 'from', 'features', 'storage binding', 'workgroup memory', 'invocations']

function cells({ chosen, name, kind, backend, rung, features, limits }: FoundAdapter): string[] {
  return [
    chosen ? '*' : ' ',
    name,
    kind,
    backend,
    rung === 'embedded' ? 'embedded' : 'system',
    features.join(' ') || '-',
    size(limits.maxStorageBufferBindingSize),
    size(limits.maxComputeWorkgroupStorageSize),
    String(limits.maxComputeInvocationsPerWorkgroup),
  ]
}

function softwareOnly(platform: string): string {
  const needs: Record<string, string> = {
    linux: "its vendor's Vulkan driver (in a container: passed through with graphics, not compute alone)",
    darwin: 'a Mac with Metal',
    win32: 'a driver with Direct3D 12',
  }
  return `Software only, no GPU found: a GPU needs ${needs[platform] ?? needs.linux}.`
}

function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`
}
