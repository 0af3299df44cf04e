// What a 64-bit little-endian ELF file (program or shared library) asks of the system: libraries by name, and versions
// of their symbols. The dynamic linker refuses a file that asks for a version it has not, so these say where a bundle
// runs; read here, because a machine without binutils makes bundles too. Formats: System V gABI, chapters 4 and 5;
// Linux Standard Base 5.0, section 10.7 (symbol versions).

const NEEDED = 1n // DT_NEEDED
const sectionTypes = { dynamic: 6, symbols: 11, needs: 0x6ffffffe, versions: 0x6fffffff }

/** Whether `bytes` begin like an ELF file. */
export function isElf(bytes) {
  return bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46
}

/** Names of the libraries asked for, e.g. 'libc.so.6', and of the versions, e.g. 'GLIBC_2.34', each once and sorted. */
export function requirements(bytes) {
  const sections = sectionsOf(bytes)
  const versions = versionEntries(bytes, sections).map(({ name }) => name)
  return { libraries: neededLibraries(bytes, sections).sort(), versions: [...new Set(versions)].sort() }
}

/** The highest version of each kind among names: Map { 'GLIBC' => '2.34', ... }. Names without a number are left. */
export function highest(versions) {
  const floors = new Map()
  for (const version of versions) {
    const [, kind, number] = /^(.*)_(\d+(?:\.\d+)*)$/.exec(version) ?? []
    if (kind && (!floors.has(kind) || isHigher(number, floors.get(kind)))) floors.set(kind, number)
  }
  return floors
}

/** Names of the symbols that are asked for at `version`. */
export function symbolsAt(bytes, version) {
  const sections = sectionsOf(bytes)
  const [symbols, versions] = [sections.symbols, sections.versions]
  const indices = versionEntries(bytes, sections).filter(({ name }) => name === version)
  const asked = new Set(indices.map(({ at }) => bytes.readUInt16LE(at + 6)))
  const found = []
  for (let i = 0; symbols && versions && i < symbols.size / 24; i++) {
    if (!asked.has(bytes.readUInt16LE(versions.offset + 2 * i))) continue
    found.push(text(bytes, symbols.strings + bytes.readUInt32LE(symbols.offset + 24 * i)))
  }
  return found.sort()
}

/**
 * A copy that asks for version `to` wherever `bytes` ask for `from`; `bytes` themselves where they do not.
 * `to` must be asked for already, as its name is then in the string table. Only for symbols of which `to` is an older
 * form that does the same.
 */
export function askingFor(bytes, from, to) {
  const entries = versionEntries(bytes, sectionsOf(bytes))
  const model = entries.find(({ name }) => name === to)
  const changed = entries.filter(({ name }) => name === from)
  if (changed.length === 0) return bytes
  if (!model) throw new Error(`${from} cannot become ${to}: the file does not name that version`)
  const copy = Buffer.from(bytes)
  for (const { at } of changed) {
    bytes.copy(copy, at, model.at, model.at + 4) // hash of the name
    bytes.copy(copy, at + 8, model.at + 8, model.at + 12) // offset of the name
  }
  return copy
}

function sectionsOf(bytes) {
  const [start, size, count] = [number(bytes, 0x28), bytes.readUInt16LE(0x3a), bytes.readUInt16LE(0x3c)]
  const section = (index) => {
    const at = start + index * size
    const link = bytes.readUInt32LE(at + 40)
    return { type: bytes.readUInt32LE(at + 4), offset: number(bytes, at + 24), size: number(bytes, at + 32), link }
  }
  const all = Array.from({ length: count }, (_, index) => section(index))
  const named = Object.entries(sectionTypes).map(([name, type]) => {
    const one = all.find((found) => found.type === type)
    return [name, one && { ...one, strings: all[one.link].offset }]
  })
  return Object.fromEntries(named)
}

function neededLibraries(bytes, { dynamic }) {
  const found = []
  for (let at = dynamic?.offset ?? 0; dynamic && at < dynamic.offset + dynamic.size; at += 16) {
    if (bytes.readBigUInt64LE(at) !== NEEDED) continue
    found.push(text(bytes, dynamic.strings + number(bytes, at + 8)))
  }
  return found
}

/** Each version of each library (Elf64_Vernaux): its name, and where in the file its entry lies. */
function versionEntries(bytes, { needs }) {
  const found = []
  for (let library = needs?.offset; library !== undefined; library = following(bytes, library, 12)) {
    let at = library + bytes.readUInt32LE(library + 8)
    for (; at !== undefined; at = following(bytes, at, 12)) {
      found.push({ at, name: text(bytes, needs.strings + bytes.readUInt32LE(at + 8)) })
    }
  }
  return found
}

function following(bytes, at, field) {
  const distance = bytes.readUInt32LE(at + field)
  return distance === 0 ? undefined : at + distance
}

function isHigher(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number))
  const place = a.findIndex((part, i) => part !== b[i])
  return place >= 0 && a[place] > (b[place] ?? -1)
}

function text(bytes, at) {
  return bytes.toString('latin1', at, bytes.indexOf(0, at))
}

function number(bytes, at) {
  return Number(bytes.readBigUInt64LE(at))
}
