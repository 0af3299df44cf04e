// A command whose output matters only where it fails.
import { spawnSync } from 'node:child_process'

/** A command of the set-up failed: what it printed, and the exit code to pass on (130 where a person stopped it). */
export class CommandFailed extends Error {
  constructor(message, output, exitCode) {
    super(message)
    this.output = output
    this.exitCode = exitCode
  }
}

/** Runs `npm ...args` in `cwd`, silently; throws CommandFailed with its output and `exitCode` unless it exits 0. */
export function npm(cwd, args, exitCode) {
  // npm is a .cmd file on Windows, which only a shell can start; the arguments are ours and need no quoting.
  const options = { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' }
  const done = spawnSync('npm', args, options)
  const command = `npm ${args.join(' ')}`
  if (done.error) throw new CommandFailed(`${command} did not start: ${done.error.message}`, '', 2)
  if (done.signal === 'SIGINT' || done.status === 130) throw new CommandFailed(`${command} was interrupted`, '', 130)
  if (done.status === 0) return
  const ending = done.signal ? `was ended by ${done.signal}` : `ended with exit code ${done.status}`
  throw new CommandFailed(`${command} ${ending} (its output is above)`, done.stdout + done.stderr, exitCode)
}
