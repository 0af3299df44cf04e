/** The plain files of a tar archive (POSIX ustar), as views of it. InputError where it is cut or damaged. */
import { InputError } from '../errors.js'

const block = 512

/** By name; folders, links and extended headers are passed over. `name` of the archive stands in errors. */
export function untar(tar: Buffer, name: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(tar, at + 124, 12), 8)
    const end = at + block + size
    if (!(size >= 0 && end <= tar.length)) throw new InputError(`${name}: the tar archive is damaged at byte ${at}`)
    const prefix = text(tar, at + 345, 155)
    const isFile = tar[at + 156] === 0 || tar[at + 156] === 0x30
    if (isFile) files.set(`${prefix && `${prefix}/`}${text(tar, at, 100)}`, tar.subarray(at + block, end))
    at = Math.ceil(end / block) * block
  }
  return files
}

const text = (tar: Buffer, at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '')
