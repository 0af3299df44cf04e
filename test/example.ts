/** Runs what docs/ and scripts/ offer as examples, as a person would: a process of its own, from the repository. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = resolve(fileURLToPath(import.meta.url), '../..')

/** The text of a file of the repository. */
export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** What `node --import tsx FILE ...` prints. Throws where it ends badly. */
export async function outputOf(file: string, ...words: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...words], {
    cwd: root,
    timeout: 120_000,
  })
  return (await run).stdout
}

/** What the library example of docs/library.md says, in numbers: by epoch and layer, and the accuracy at its end. */
export function readExample(output: string) {
  const line = /^epoch (\d+): I\(X;T_(\d)\) = (\S+) nats, 95 % between (\S+) and (\S+)$/gm
  const rows = [...output.matchAll(line)].map((match) => match.slice(1).map(Number))
  const accuracy = Number(/^accuracy on the test set, at the end: (\S+)$/m.exec(output)?.[1])
  return { rows: rows.map(([epoch, layer, mi, low, high]) => ({ epoch, layer, mi, low, high })), accuracy }
}
