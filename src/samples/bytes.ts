/** A file read in pieces, and large pieces too: one system call reads at most 2 GiB, a Buffer holds at most 4. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '../errors.js'

const oneCall = 2 ** 30

const reasons: Record<string, string> = {
  ENOENT: 'no such file: expected a file of #; check the path',
  EACCES: 'no permission to read it',
  EISDIR: 'a folder: expected a file of #; name the file inside it',
}

export class FileBytes {
  readonly path: string
  /** What the file is to hold, for errors: samples, inputs, labels. */
  readonly holds: string
  readonly size: number
  readonly #file: number

  /** Throws InputError if the file is missing, not to be read, or no file with a size. */
  constructor(path: string, holds = 'samples') {
    this.path = path
    this.holds = holds
    try {
      this.#file = openSync(path, 'r')
    } catch (error) {
      throw cannotRead(error, holds)
    }
    const status = fstatSync(this.#file)
    this.size = status.size
    if (!status.isFile()) {
      this.close()
      throw new InputError(
        status.isDirectory() ? reasonOf('EISDIR', holds)! : `no plain file: expected one; save the ${holds} first`,
      )
    }
  }

  /** Bytes in an array of their own, so that numbers in them are aligned. Throws InputError past the end. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset < 0 || length < 0 || offset + length > this.size) {
      const found = `it ends at byte ${this.size}, where ${length} bytes from byte ${offset} should follow`
      throw new InputError(`${found}: the file is cut or damaged; write or copy it again`)
    }
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length;) {
      const more = readSync(this.#file, bytes, at, Math.min(length - at, oneCall), offset + at)
      if (more === 0) throw new InputError(`it ended at byte ${offset + at} while being read: is it being written?`)
      at += more
    }
    return bytes
  }

  close(): void {
    closeSync(this.#file)
  }
}

const reasonOf = (code: string, holds: string) => reasons[code]?.replace('#', holds)

function cannotRead(error: unknown, holds: string): InputError {
  const { code, message } = error as NodeJS.ErrnoException
  return new InputError(`cannot be read: ${reasonOf(code ?? '', holds) ?? code ?? message}`)
}
