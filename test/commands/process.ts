/** The command line as a person runs it: a process of its own, in a folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** The words that begin a command line of `infoflow`, from the sources. */
export const fromSources = [process.execPath, '--import', import.meta.resolve('tsx'), cli]

/** The same, as built where `npm test` says that it has just been. */
export const infoflow = process.env.INFOFLOW_BUILT ? [process.execPath, process.env.INFOFLOW_BUILT] : fromSources

const coarse = ['--replicas', '8', '--own-replicas', '8', '--batches', '8', '--queries', '1']
const twoEpochs = ['--epochs', '2', '--measurements', '1', ...coarse]

/** The paper's network, its layers 1 and 2 measured: the cheapest run of it. */
export const tiny = [...twoEpochs, '--set', 'measurement.layers=[1,2]']

/** 12-4-3-2, both hidden layers measured; the second one has lost some information already. */
const widths = '{width: 4, activation: tanh}, {width: 3, activation: tanh}, {width: 2, activation: linear}'
export const narrow = [...twoEpochs, '--set', `network.layers=[${widths}]`]

/** One hidden layer of 3: for what the numbers do not matter. */
export const small = ['--set', 'network.layers=[{width: 3, activation: tanh}, {width: 2, activation: linear}]']
export const coarsest = ['--replicas', '2', '--own-replicas', '2', '--batches', '2', '--queries', '1']

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Wall-clock seconds. */
  seconds: number
}

export interface Surroundings {
  cwd: string
  environment?: Record<string, string>
  /** Seconds after which it is ended; two minutes when absent. */
  limit?: number
  /** Called with everything on stderr whenever there is more. */
  told?(stderr: string, end: (signal: NodeJS.Signals) => void): void
}

/** Runs words[0] with the rest as arguments. */
export function execute(
  words: readonly string[],
  { cwd, environment, told, limit = 120 }: Surroundings,
): Promise<Ending> {
  const start = performance.now()
  const child = spawn(words[0], words.slice(1), {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 1000 * limit,
    killSignal: 'SIGKILL',
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
    told?.(output.stderr, (signal) => child.kill(signal))
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => {
      done({ code, signal, ...output, seconds: (performance.now() - start) / 1000 })
    })
  })
}

/** `infoflow ...typed`, which must end well; what it printed. */
export async function succeed(cwd: string, ...typed: string[]): Promise<Ending> {
  const ending = await execute([...infoflow, ...typed], { cwd })
  assert.is(ending.code, 0, ending.stderr)
  return ending
}

/** `infoflow ...typed`, which must end with exit code 2 and say why in its last line; that line. */
export async function mistake(cwd: string, ...typed: string[]): Promise<string> {
  const { code, stderr, stdout } = await execute([...infoflow, ...typed], { cwd })
  assert.equal([code, stdout], [2, ''], stderr)
  return lastLine(stderr)
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!
}

/** An empty folder, removed after the tests. */
export function scratch<T>(test: Test<T>): string {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-commands-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
