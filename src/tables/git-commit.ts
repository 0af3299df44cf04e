/** Which commit a clone is at, read from .git itself: the machine need not have git, and no process is started. */
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * The 40-digit hash at HEAD of the clone whose root is `folder`, null if `folder` is no clone's root. Folders above are
 * not searched: an installed package lies inside somebody else's repository.
 */
export function gitCommit(folder: string): string | null {
  const git = gitFolder(folder)
  const head = git && text(join(git, 'HEAD'))
  if (!git || !head) return null
  const reference = /^ref: (.+)$/.exec(head)?.[1]
  return hash(reference ? resolveReference(git, reference) : head)
}

/** `.git`, or where the file `.git` of a worktree points. */
function gitFolder(folder: string): string | null {
  const git = join(folder, '.git')
  const isFolder = statSync(git, { throwIfNoEntry: false })?.isDirectory()
  if (isFolder !== false) return isFolder ? git : null
  const target = /^gitdir: (.+)$/.exec(text(git) ?? '')?.[1]
  return target ? resolve(folder, target) : null
}

/** A branch lies in a file of its own or in packed-refs; a worktree's branches lie in the common folder. */
function resolveReference(git: string, reference: string): string | null {
  const common = resolve(git, text(join(git, 'commondir')) ?? '.')
  const packed = text(join(common, 'packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` ${reference}`))
  return text(join(git, reference)) ?? text(join(common, reference)) ?? packed?.split(' ')[0] ?? null
}

const hash = (found: string | null) => (found && /^[0-9a-f]{40,64}$/.test(found) ? found : null)

function text(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
