/** Which process it was that wrote something, so that another one, maybe elsewhere, can tell whether it is gone. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  pid: number
  /** Where the number means this process: a boot of a machine and a space of process numbers; else the host's name. */
  place: string
  /** When it began, in ticks since that boot, as numbers are given again; null where the system does not tell. */
  began: string | null
}

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, place: place(), began: began(process.pid) })

/** Whether the process is gone; null where that cannot be told from here. */
export function isGone({ pid, place: there, began: then }: ProcessIdentity): boolean | null {
  if (there !== place()) return null
  return !exists(pid) || began(pid) !== then
}

function place(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Whether a process of this machine has the number. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/PID/stat; the name before it, in brackets, may hold anything. */
function began(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return null
  }
}
