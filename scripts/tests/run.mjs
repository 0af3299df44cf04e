// Runs test files, each in a process of its own: a crash of the GPU library ends one file, not the run.
import { spawn } from 'node:child_process'
import { relative, sep } from 'node:path'
import { judge } from './judge.mjs'
import { printFile } from './report.mjs'

const running = new Set()

/** Runs `files`, `jobs` at a time, and prints each one's line as it ends; their results, in the order of `files`. */
export async function runFiles(root, files, options) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt)
  const results = []
  let next = 0
  const worker = async () => {
    for (let i = next++; i < files.length; i = next++) {
      results[i] = await runFile(root, files[i], options)
      printFile(results[i], options)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, worker))
  return results
}

async function runFile(root, file, { timeout, verbose, jobs }) {
  const start = performance.now()
  const live = verbose && jobs === 1
  const { ending, output } = await execute(root, file, timeout, live)
  const name = relative(root, file).startsWith('..') ? file : relative(root, file)
  const seconds = (performance.now() - start) / 1000
  return { name: name.split(sep).join('/'), seconds, output: live ? '' : output, ...judge(ending, output) }
}

// In a process group of its own (detached), so that what a test started and left behind ends with it; otherwise an
// orphan would hold our pipe open and the run would wait for ever.
function execute(root, file, timeout, live) {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (chunks.push(chunk), live && process.stdout.write(chunk)))
  }
  return new Promise((done) => {
    let late = false
    const timer = setTimeout(() => endGroup(child, (late = true)), timeout)
    child.on('exit', () => endGroup(child))
    child.on('error', (error) => chunks.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(child)
      done({ ending: endingOf(code, signal, late && timeout), output: Buffer.concat(chunks).toString() })
    })
  })
}

function endingOf(code, signal, timeout) {
  if (timeout) return `ended after its ${timeout / 1000} s were over`
  if (signal) return `ended by ${signal}`
  return code === 0 ? null : `exit code ${code}`
}

function endGroup(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error
  }
}

function interrupt() {
  for (const child of running) endGroup(child)
  process.stdout.write('\ninterrupted\n')
  process.exit(130)
}
