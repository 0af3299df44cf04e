/** Python as a peer: scripts/bench_peer.py stays open beside us and does its work when its turn comes. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Absent, Rung, Spent } from './ladder.js'

const script = fileURLToPath(new URL('../../scripts/bench_peer.py', import.meta.url))

/** The first python3 on the PATH that imports `module`, which need not be the first python3; else why there is none. */
export function findPython(module: string, debian: string): Found {
  const found = known.get(module) ?? search(module, debian)
  known.set(module, found)
  return found
}

interface Found {
  python: string | null
  reason: string
}

/** By module: to ask takes as long as the import. */
const known = new Map<string, Found>()

function search(module: string, debian: string): Found {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const pythons = folders.map((folder) => join(folder, 'python3')).filter((path) => existsSync(path))
  if (pythons.length === 0) return { python: null, reason: 'no python3 on the PATH' }
  const python = pythons.find((path) => spawnSync(path, ['-c', `import ${module}`]).status === 0)
  return { python: python ?? null, reason: `no python3 on the PATH has ${module} (Debian: ${debian})` }
}

export interface PeerTask {
  task: 'sklearn_pairs' | 'torch_pairs' | 'torch_dense' | 'torch_convolution' | 'torch_train'
  threads: number
  /** cuda: on the GPU where its PyTorch can; else on the processor. */
  device: 'cuda' | 'cpu'
  numbers?: Record<string, number | number[]>
  arrays?: Record<string, Float32Array>
}

export interface PeerRung {
  name: string
  how: string
  /** Of the result; null: not checked. */
  check: ((result: Float64Array) => number) | null
}

/** The peer as a rung, running and with its work done once, or why it is not there. */
export async function pythonPeer(task: PeerTask, rung: PeerRung): Promise<PythonPeer | Absent> {
  const [module, debian] = task.task.startsWith('torch')
    ? ['torch', 'python3-torch']
    : ['sklearn.neighbors', 'python3-sklearn']
  if (!existsSync(script)) return { name: rung.name, reason: 'scripts/bench_peer.py is not in this installation' }
  const { python, reason } = findPython(module, debian)
  if (python === null) return { name: rung.name, reason }
  const peer = new PythonPeer(python, task, rung)
  const failure = await peer.begin(task)
  if (failure === null) return peer
  peer.close()
  return { name: rung.name, reason: failure }
}

export class PythonPeer implements Rung {
  readonly kind = 'peer'
  readonly name: string
  how: string
  readonly #check: PeerRung['check']
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor(python: string, { arrays = {} }: PeerTask, { name, how, check }: PeerRung) {
    this.name = name
    this.how = how
    this.#check = check
    this.#folder = mkdtempSync(join(tmpdir(), 'infoflow-bench-'))
    for (const [file, values] of Object.entries(arrays)) writeFileSync(join(this.#folder, file), values)
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stdin!.on('error', () => {}) // it has ended: the missing answer tells
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** Does the work once. Null, or the last line of what went wrong. */
  async begin({ task, threads, device, numbers }: PeerTask): Promise<string | null> {
    const answer = await this.#ask({ task, threads, device, folder: this.#folder, ...numbers })
    if (answer === null) {
      if (this.#child.exitCode === null) await once(this.#child, 'close')
      return `it ended: ${this.#errors.trim().split('\n').at(-1) || `exit code ${this.#child.exitCode}`}`
    }
    this.how = `${String(answer.version)}: ${this.how}`
    return null
  }

  async check(): Promise<number | null> {
    if (this.#check === null) return null
    const bytes = readFileSync(join(this.#folder, 'result'))
    return this.#check(new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)))
  }

  async pass(times: number): Promise<Spent> {
    const answer = await this.#ask({ times })
    if (answer === null) throw new Error(`${this.name} ended while it was timed: ${this.#errors.trim()}`)
    return answer as unknown as Spent
  }

  close(): void {
    this.#child.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #ask(question: object): Promise<Record<string, unknown> | null> {
    this.#child.stdin!.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await this.#lines.next()
    return done ? null : (JSON.parse(value) as Record<string, unknown>)
  }
}

/** Ends those of the peers that are programs. */
export function closePeers(peers: readonly (Rung | Absent)[]): void {
  for (const peer of peers) if (peer instanceof PythonPeer) peer.close()
}
