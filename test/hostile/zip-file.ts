/** ZIP archives that may lie: local headers, data and a directory, by APPNOTE.TXT 4.3. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Entry {
  name: string
  /** Uncompressed. */
  bytes: Uint8Array
  deflate?: boolean
  /** What the directory says in place of the truth. */
  told?: { size?: number; compressed?: number; offset?: number }
}

export function zipBytes(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, bytes, deflate = true, told = {} } of entries) {
    const data = deflate ? deflateRawSync(bytes) : Buffer.from(bytes)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const head = Buffer.alloc(46)
    head.writeUInt32LE(0x02014b50, 0)
    head.writeUInt16LE(deflate ? 8 : 0, 10)
    head.writeUInt32LE(crc32(bytes), 16)
    head.writeUInt32LE(told.compressed ?? data.length, 20)
    head.writeUInt32LE(told.size ?? bytes.length, 24)
    head.writeUInt16LE(name.length, 28)
    head.writeUInt32LE(told.offset ?? at, 42)
    parts.push(local, Buffer.from(name), data)
    directory.push(head, Buffer.from(name))
    at += 30 + name.length + data.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/** An array of NumPy's with that header and whatever bytes. */
export function npyBytes(descr: string, shape: string, values: Uint8Array = new Uint8Array()): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`
  const head = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1')
  head.writeUInt16LE(text.length, 8)
  return Buffer.concat([head, Buffer.from(text), values])
}
