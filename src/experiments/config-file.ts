import { readFileSync } from 'node:fs'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml'
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
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const where = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}: line ${line} column ${col}`
  }
  const [broken] = document.errors
  if (broken)
    throw new InputError(
      `${where(broken.pos[0])}: this is not ${/\.json$/i.test(file) ? 'JSON' : 'YAML'}: ${broken.message.split('\n')[0]}`,
    )
  const values = plainValues(document, file) ?? {}
  if (!isGroup(values)) throw new InputError(`${file}: ${show(values)} is not a group of keys, such as 'seed: 1'`)
  for (const { path, key, value } of positions(document.contents, [])) {
    const name = path.join('.')
    const place: Place = { value: `${where(value)}: ${name}`, key: `${where(key)}: ${name}` }
    places.note(name, place)
  }
  return values
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = reasons[code ?? ''] ?? 'the system refuses to read it'
    throw new InputError(`${file}: ${reason} (${code}): expected a YAML or JSON file`)
  }
}

/** A handful of aliases is convenience; thousands nested in one another are an attack on memory. */
function plainValues(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 16 })
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}: write the values out instead of using aliases`)
  }
}

interface Position {
  path: string[]
  key: number
  value: number
}

/** Where every key and value below a node begins, groups before what is in them; aliases are not followed. */
function* positions(node: Node | null, path: string[]): Generator<Position> {
  for (const { name, key, value } of children(node)) {
    const inner = [...path, name]
    yield { path: inner, key: start(key), value: start(value ?? key) }
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
