// A .tar.gz (POSIX ustar) by ourselves: GNU tar's options for fixed owners and times are not everyone's tar's, and the
// same files give the same bytes. One gzip stream, flushed where a part ends, so that its share is known exactly.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createGzip } from 'node:zlib'

/** Of every file in the archive: 2020-01-01, in seconds. True times would change the archive, and tell nothing. */
const modified = 1577836800

/**
 * Writes the files of parts [{ name, files: [{ path, bytes, mode }] }] in their order.
 * @returns { sizes: bytes in the archive of each part, size: bytes of all, sha256: of the archive, in hex }
 */
export async function writeArchive(file, parts) {
  const hash = createHash('sha256')
  const output = createWriteStream(file)
  const gzip = createGzip({ level: 6 })
  let size = 0
  gzip.on('data', (chunk) => {
    hash.update(chunk)
    size += chunk.length
  })
  gzip.pipe(output)
  const sizes = []
  for (const { files } of parts) {
    const before = size
    for (const one of files) await write(gzip, member(one))
    await new Promise((flushed) => gzip.flush(flushed))
    sizes.push(size - before)
  }
  gzip.end(Buffer.alloc(1024))
  await once(output, 'close')
  return { sizes, size, sha256: hash.digest('hex') }
}

/** One file as tar has it: header, contents, zeros up to the next 512 bytes. */
export function member({ path, bytes, mode }) {
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512)
  return Buffer.concat([header(path, bytes.length, mode), bytes, padding])
}

function header(path, size, mode) {
  const block = Buffer.alloc(512)
  const [prefix, name] = split(path)
  block.write(name, 0)
  octal(block, mode, 100, 8)
  octal(block, 0, 108, 8) // owner and group: root's, which tar replaces by whoever unpacks
  octal(block, 0, 116, 8)
  octal(block, size, 124, 12)
  octal(block, modified, 136, 12)
  block.write('        0', 148) // the checksum counts as spaces; then the type, a regular file
  block.write('ustar\x0000', 257)
  block.write(prefix, 345)
  octal(
    block,
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return block
}

/** Prefix of 155 bytes and name of 100 bytes at most, cut at a slash. */
function split(path) {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  const slash = path.indexOf('/', path.length - 101)
  const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)]
  if (slash < 0 || prefix.length > 155 || Buffer.byteLength(path) !== path.length)
    throw new Error(`${path}: too long a path for a tar archive`)
  return [prefix, name]
}

/** Digits, then a zero byte at the field's end. */
function octal(block, value, at, length) {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
}

async function write(stream, bytes) {
  if (!stream.write(bytes)) await once(stream, 'drain')
}
