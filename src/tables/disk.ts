/**
 * Everything of a run that goes to disk goes through here, so that a full disk or a forbidden folder is one clear line,
 * and so that nothing half-written ever stands under a final name.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { InputError } from '../errors.js'

const full = 'free some space, or choose another disk with --out DIR, and start again'
const elsewhere = 'choose another folder with --out DIR'

/** What the system's error codes mean to a person, and what to do about them. */
const reasons: Record<string, [reason: string, remedy: string]> = {
  ENOSPC: ['the disk is full', full],
  EDQUOT: ['the disk quota is used up', full],
  EFBIG: ['the file-size limit is reached (see ulimit -f)', 'raise the limit and start again'],
  EIO: ['the disk reports an error', full],
  EACCES: ['no permission', elsewhere],
  EPERM: ['no permission', elsewhere],
  EROFS: ['the file system is read-only', elsewhere],
  ENOTDIR: ['a part of the path is a file, not a folder', elsewhere],
  ENOENT: ['no such folder, or none may be made there', elsewhere],
  EISDIR: ['a folder is in its place', elsewhere],
  EEXIST: ['a file of that name is there already', elsewhere],
  ENAMETOOLONG: ['the name is too long', elsewhere],
  EMFILE: ['too many open files (see ulimit -n)', 'raise the limit and start again'],
}

/** What the file system refuses, in one line; a run that it ended can go on when that is mended. */
export class DiskError extends InputError {}

/**
 * An error of the file system as a DiskError: `WHAT: REASON (CODE); KEPT; REMEDY`. Others come back as they are.
 * @param what place and deed, such as `results/szt-001/training.arrows: cannot write 512 bytes`
 * @param kept what is safe nevertheless
 */
export function diskError(error: unknown, what: string, kept?: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof InputError || !code?.startsWith('E')) return error
  const [reason, remedy] = reasons[code] ?? ['the system refuses', elsewhere]
  return new DiskError([`${what}: ${reason} (${code})`, kept, remedy].filter(Boolean).join('; '))
}

/** Writes all bytes, however many writes that takes, and returns their number. Throws system errors. */
export function writeFully(file: number, bytes: Uint8Array): number {
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written)
  return bytes.length
}

/**
 * A file that stands under its name whole or not at all: written beside it as NAME.tmp, forced to disk, renamed.
 * `write` gets the open file, and may be followed by `check` of the written one before it takes its name.
 * On any error the temporary file is removed, and what stood under the name before stands there still. A link that somebody laid in
 * place of the temporary file is removed, not followed.
 */
export function writeAtomically(
  path: string,
  write: (file: number) => void,
  check?: (temporary: string) => void,
): void {
  const temporary = `${path}.tmp`
  if (lstatSync(temporary, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(temporary)
  const file = openSync(temporary, 'w')
  try {
    try {
      write(file)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    check?.(temporary)
    renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * A file that only one process can create, with its text in it from the beginning: a link to one that is whole. Where there are no links
 * it is created first and written then. Throws system errors, EEXIST where it is there.
 */
export function createWhole(path: string, text: string): void {
  const draft = draftOf(path)
  try {
    writeFileSync(draft, text)
    linkSync(draft, path)
  } catch (error) {
    if (!withoutLinks.has((error as NodeJS.ErrnoException).code!)) throw error
    writeFileSync(path, text, { flag: 'wx' })
  } finally {
    rmSync(draft, { force: true })
  }
}

const withoutLinks = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])

/** A name beside it that no other process uses. */
export const draftOf = (path: string) => `${path}.${hostname()}-${process.pid}.tmp`

/** Forces a folder's names to disk; where a system cannot do that (Windows), the names are as safe as it makes them. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    return
  }
}
