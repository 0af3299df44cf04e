import { readFileSync, statSync } from 'node:fs'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import { InputError } from '../errors.js'
import type { Place, Places } from './places.js'
import { isGroup, show } from './tree.js'

/** Whether what stands in an experiment's place is a file. */
export const isFile = (text: string) => /\.(ya?ml|json)$/i.test(text) || /[/\\]/.test(text)

/**
 * The values of a YAML or JSON file (JSON is read as the YAML it also is), with the line and column of each noted.
 * InputError when it cannot be read, is no YAML, or holds anything but a group of keys.
 */
export function readConfigFile(file: string, places: Places): unknown {
  const lines = new LineCounter()
  const document = parsed(readText(file), file, lines)
  const where = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}: line ${line} column ${col}`
  }
  const [broken] = document.errors
  if (/call stack/.test(broken?.message)) throw tooDeep(file)
  if (broken)
    throw new InputError(
      `${where(broken.pos[0])}: this is not ${/\.json$/i.test(file) ? 'JSON' : 'YAML'}: ${broken.message.split('\n')[0]}`,
    )
  const values = plainValues(document, file) ?? {}
  if (!isGroup(values)) throw new InputError(`${file}: ${show(values)} is not a group of keys, such as 'seed: 1'`)
  for (const { path, key, value, twice } of positions(document.contents, [])) {
    if (twice) throw new InputError(`${where(key)}: ${path.join('.')} is there twice: expected one of them`)
    if (path.length > deepest) throw tooDeep(file)
    const name = path.join('.')
    const place: Place = { value: `${where(value)}: ${name}`, key: `${where(key)}: ${name}` }
    places.note(name, place)
  }
  return values
}

/** Bytes: a configuration has some thousand, and the parser takes a second for a million. */
const longest = 2 ** 17
/** Groups and lists within each other. */
const deepest = 64
/** A handful is convenience; thousands nested in one another are an attack on memory. */
const mostAliases = 100

const tooDeep = (file: string) =>
  new InputError(
    `${file}: groups or lists more than ${deepest} deep: expected a configuration; is it the file that was meant?`,
  )

/** Keys that are there twice are found below, in one pass: the parser would compare each with every other one. */
function parsed(text: string, file: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent', uniqueKeys: false })
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file)
    throw error
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
}

function readText(file: string): string {
  try {
    const status = statSync(file)
    if (status.size > longest || status.isCharacterDevice()) {
      throw new InputError(
        `${file}: more than ${longest} bytes: expected a configuration; is it the file that was meant?`,
      )
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    const reason = reasons[code ?? ''] ?? 'the system refuses to read it'
    throw new InputError(`${file}: ${reason} (${code}): expected a YAML or JSON file`)
  }
}

function plainValues(document: Document, file: string): unknown {
  let aliases = 0
  visit(document, { Alias: () => (++aliases > mostAliases ? visit.BREAK : undefined) })
  if (aliases > mostAliases)
    throw new InputError(`${file}: more than ${mostAliases} aliases: write the values out instead of using aliases`)
  try {
    return document.toJS({ maxAliasCount: 16 })
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file)
    throw new InputError(`${file}: ${(error as Error).message}: write the values out instead of using aliases`)
  }
}

interface Position {
  path: string[]
  key: number
  value: number
  /** Whether a key before it in its group has the same name. */
  twice: boolean
}

/** Where every key and value below a node begins, groups before what is in them; aliases are not followed. */
function* positions(node: Node | null, path: string[]): Generator<Position> {
  const names = new Set<string>()
  for (const { name, key, value } of children(node)) {
    const inner = [...path, name]
    yield { path: inner, key: start(key), value: start(value ?? key), twice: names.size === names.add(name).size }
    yield* positions(value, inner)
  }
}

function children(node: Node | null): { name: string; key: Node | null; value: Node | null }[] {
  if (isSeq<Node>(node)) return node.items.map((value, i) => ({ name: String(i), key: value, value }))
  if (!isMap<Node, Node | null>(node)) return []
  return node.items.map(({ key, value }) => ({ name: isScalar(key) ? String(key.value) : '?', key, value }))
}

function start(node: Node | null): number {
  return node?.range?.[0] ?? 0
}
