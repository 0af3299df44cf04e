/** What a person reads of infoflow: README, and the pages of docs/. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { read, root } from './example.js'

/** Of other programs, with the tables as they find them: test/docs.test.ts runs their snippets. */
const ofTools = ['duckdb', 'observable', 'pandas', 'polars', 'r'].map((page) => `docs/${page}.md`)

export const pages = readdirSync(join(root, 'docs'))
  .sort()
  .map((name) => `docs/${name}`)

/** README and the pages that say what infoflow has and does: what is not in one of them is not documented. */
export const manual = ['README.md', ...pages.filter((page) => !ofTools.includes(page))]

/** The blocks of a language in a file, in order. */
export function blocks(file: string, language: string): string[] {
  return [...read(file).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1])
}
