// What the house test reads: the project's files, and what each source imports and re-exports.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { ImportGraph } from './levels.js'

export const root = resolve(fileURLToPath(import.meta.url), '../../..')

/** Paths from the root of all files that are committed or would be; without git, of all but what runs and builds write. */
export function projectFiles(): string[] {
  const files = existsSync(join(root, '.git')) ? filesOfGit() : filesOnDisk()
  return [...new Set(files)].filter((file) => file && existsSync(join(root, file))).sort()
}

function filesOfGit(): string[] {
  const command = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  return execFileSync('git', command, { cwd: root, encoding: 'utf8' }).split('\0')
}

function filesOnDisk(): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  return files.filter((file) => !/^(node_modules|dist|results)\//.test(file))
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** Relative imports, exports-from, type imports and import() calls of every file of src/. */
export function importGraph(files: string[]): ImportGraph {
  const sources = files.filter((file) => file.startsWith('src/') && file.endsWith('.ts'))
  return new Map(sources.map((file) => [file.slice(4), importsOf(file.slice(4), read(file))]))
}

/** The files of src/ that `text`, the contents of src/`file`, imports; packages left out. */
export function importsOf(file: string, text: string): string[] {
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const ours = names.filter((name) => name.startsWith('.'))
  return ours.map((name) => posix.join(dirname(file), name).replace(/\.js$/, '.ts'))
}

/** Whether `text` holds nothing but imports and re-exports. */
export function isBarrel(text: string): boolean {
  const { statements } = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest)
  return statements.length > 0 && statements.every((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
}
