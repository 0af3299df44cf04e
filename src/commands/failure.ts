/** How a command ends badly: what it says on stderr, and its exit code. */
import { InputError } from '../errors.js'
import { visible } from '../report/numbers.js'
import { versions } from './versions.js'

export const exitCodes = { fine: 0, fault: 1, input: 2, checkFailed: 3, interrupted: 130 } as const

/** One line for a mistake in what was asked for; for a fault of our own, everything that a report of it needs. */
export function reportFailure(error: unknown): number {
  if (error instanceof InputError) {
    process.stderr.write(`infoflow: ${error.message}\n`)
    return exitCodes.input
  }
  process.stderr.write(`${faultReport(error).split('\n').map(visible).join('\n')}\n`)
  return exitCodes.fault
}

function faultReport(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const { infoflow, node, webgpu } = versions()
  return [
    `infoflow: ${message}`,
    'This is a fault of infoflow; please report it with the following.',
    stack,
    `infoflow ${infoflow}, node ${node}, webgpu ${webgpu}, ${process.platform} ${process.arch}`,
  ].join('\n')
}
