/**
 * The JSON header of a safetensors file, read by its fixed grammar and not by JSON.parse: that would keep the last of
 * two tensors of one name in silence, and build whatever is nested inside before anybody could refuse it.
 */
import { InputError } from '../errors.js'

/** Where a tensor lies, in bytes behind the header. */
export interface SafetensorsEntry {
  name: string
  dtype: string
  shape: number[]
  from: number
  to: number
}

export interface SafetensorsHeader {
  /** In the order in which they stand in the header. */
  entries: SafetensorsEntry[]
  metadata: Record<string, string>
}

/** Of an object or a shape: more are a mistake or malice, and would fill memory. */
const mostMembers = 100_000

/** Throws InputError, without the file's name, at anything that the format forbids; offsets are not looked at here. */
export function parseHeader(json: string): SafetensorsHeader {
  const text = new HeaderText(json)
  const entries: SafetensorsEntry[] = []
  let metadata: Record<string, string> = {}
  for (const name of text.members('the header')) {
    if (name === '__metadata__') metadata = metadataIn(text)
    else entries.push(entryIn(text, name))
  }
  text.end()
  return { entries, metadata }
}

/** fromEntries and not an assignment: `__proto__` is a name like any other. */
function metadataIn(text: HeaderText): Record<string, string> {
  const pairs: [string, string][] = []
  for (const key of text.members('__metadata__')) pairs.push([key, text.string(`${excerpt(key)} in __metadata__`)])
  return Object.fromEntries(pairs)
}

function entryIn(text: HeaderText, name: string): SafetensorsEntry {
  const place = excerpt(name)
  let [dtype, shape, offsets]: [string?, number[]?, number[]?] = []
  for (const key of text.members(place)) {
    if (key === 'dtype') dtype = text.string(`dtype of ${place}`)
    else if (key === 'shape') shape = text.integers(`shape of ${place}`)
    else if (key === 'data_offsets') offsets = text.integers(`data_offsets of ${place}`)
    else throw damaged(`${place} has '${excerpt(key)}', which is none of dtype, shape, data_offsets`)
  }
  if (!dtype || !shape || offsets?.length !== 2) throw damaged(`${place} lacks one of dtype, shape, two data_offsets`)
  return { name, dtype, shape, from: offsets[0], to: offsets[1] }
}

/** Tokens one after another; every method skips white space in front. */
class HeaderText {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The names in an object; the caller takes each value before it asks for the next name. */
  *members(what: string): Generator<string> {
    const names = new Set<string>()
    this.#expect('{', what)
    if (this.#take('}')) return
    do {
      const name = this.string(`a name in ${what}`)
      if (names.has(name)) throw damaged(`${what} holds two '${excerpt(name)}'`)
      if (names.add(name).size > mostMembers) throw damaged(`${what} holds more than ${mostMembers} names`)
      this.#expect(':', what)
      yield name
    } while (this.#take(','))
    this.#expect('}', what)
  }

  /** Ends at the first quote behind an even number of backslashes; JSON.parse unescapes what is between. */
  string(what: string): string {
    this.#expect('"', what)
    const start = this.#at - 1
    for (let end = this.#text.indexOf('"', this.#at); end >= 0; end = this.#text.indexOf('"', end + 1)) {
      let slashes = 0
      while (this.#text[end - 1 - slashes] === '\\') slashes++
      if (slashes % 2 === 1) continue
      this.#at = end + 1
      return unescaped(this.#text.slice(start, end + 1), what)
    }
    throw damaged(`${what}: a string without an end`)
  }

  /** Whole numbers from 0, in brackets. */
  integers(what: string): number[] {
    const numbers: number[] = []
    this.#expect('[', what)
    if (this.#take(']')) return numbers
    do {
      if (numbers.push(this.#integer(what)) > mostMembers) throw damaged(`${what}: more than ${mostMembers} numbers`)
    } while (this.#take(','))
    this.#expect(']', what)
    return numbers
  }

  end(): void {
    this.#skip()
    if (this.#at < this.#text.length) throw damaged(`'${this.#next()}' follows its header`)
  }

  #integer(what: string): number {
    this.#skip()
    const token = /^[-+.\w]*/.exec(this.#text.slice(this.#at, this.#at + 40))![0]
    const value = Number(token)
    if (!/^(0|[1-9]\d*)$/.test(token) || !Number.isSafeInteger(value))
      throw damaged(`${what}: '${token || this.#next()}' is no whole number from 0`)
    this.#at += token.length
    return value
  }

  #take(token: string): boolean {
    this.#skip()
    const found = this.#text[this.#at] === token
    if (found) this.#at++
    return found
  }

  #expect(token: string, what: string): void {
    if (!this.#take(token))
      throw damaged(`${what}: '${this.#next()}' at character ${this.#at} of the header, no ${token}`)
  }

  #skip(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '-')) this.#at++
  }

  #next = () => excerpt(this.#text.slice(this.#at, this.#at + 16))
}

function unescaped(quoted: string, what: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw damaged(`${what}: ${excerpt(quoted)} is no string of JSON`)
  }
}

/** A name out of a file of anybody's making, fit for a terminal: no control or invisible characters, at most 60. */
export function excerpt(text: string, length = 60): string {
  const escaped = text
    .slice(0, length)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
  return text.length > length ? `${escaped}…` : escaped
}

/** What is wrong with the file, and what to do about it. */
export const damaged = (found: string) =>
  new InputError(
    `cannot be read as safetensors: ${found}: it is cut, damaged or of another format; write or copy it again`,
  )
