/** A configuration as a YAML file that explains itself: every key with a line on what it means. */
import { Document, isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { configTexts } from './config-texts.js'

const width = 96

/** `head` comes first, as comment lines; keys without a value are left out. */
export function configDocument(config: object, head: readonly string[]): string {
  const document = new Document(withoutNothing(config))
  document.commentBefore = head.map((line) => ` ${line}`).join('\n')
  if (isMap(document.contents)) explain(document.contents, '')
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

const withoutNothing = (config: object) => JSON.parse(JSON.stringify(config))

function explain(map: YAMLMap, prefix: string): void {
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue
    const name = `${prefix}${String(key.value)}`
    const text = configTexts[name]
    if (text) key.commentBefore = wrapped(text, width - 4).join('\n')
    if (isMap(value)) {
      if (prefix === '') key.spaceBefore = true
      explain(value, `${name}.`)
    }
    if (isSeq(value)) value.items.forEach((item) => isMap(item) && (item.flow = true))
    if (isSeq(value) && !value.items.some(isMap)) value.flow = true
  }
}

function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(` ${word}`)
  }
  return lines
}
