// src/*.ts -> dist/*.js. Whether the build is current is decided by contents, not by times: a checkout of another
// commit changes files without making them newer. The note of what was built lies in node_modules, so that a fresh
// install (perhaps another compiler) also builds afresh, and nothing of ours gets into the package.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { npm } from './quiet.mjs'

const configurations = ['package.json', 'tsconfig.json', 'tsconfig.build.json']

/** Whether dist/ holds what the present sources would give. */
export function buildIsCurrent(root) {
  const note = noteFile(root)
  if (!existsSync(note) || readFileSync(note, 'utf8') !== hashOfSources(root)) return false
  return sources(root).every((source) => existsSync(join(root, 'dist', outputOf(source))))
}

/** Compiles, removes outputs whose source is gone, and lets `npx infoflow` find the command inside the clone. */
export function build(root, say) {
  say('building (npm run build)')
  const hash = hashOfSources(root)
  npm(root, ['run', 'build'], 1)
  removeOrphans(root)
  linkCommand(root)
  writeNote(root, hash)
}

function removeOrphans(root) {
  const dist = join(root, 'dist')
  const wanted = new Set(sources(root).map(outputOf))
  for (const file of filesUnder(dist)) {
    const output = file.replace(/\.d\.ts$/, '.js')
    if (output.endsWith('.js') && !wanted.has(output)) rmSync(join(dist, file))
  }
}

function linkCommand(root) {
  const command = join(root, 'dist/cli.js')
  const link = join(root, 'node_modules/.bin/infoflow')
  if (!existsSync(command) || process.platform === 'win32') return
  chmodSync(command, 0o755)
  if (existsSync(link)) return
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(relative(dirname(link), command), link)
}

// Written beside and renamed, so that a reader never sees half a note.
function writeNote(root, hash) {
  const note = noteFile(root)
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(`${note}.${process.pid}`, hash)
  renameSync(`${note}.${process.pid}`, note)
}

function hashOfSources(root) {
  const hash = createHash('sha256')
  for (const file of [...configurations, ...sources(root).map((source) => join('src', source))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function sources(root) {
  return filesUnder(join(root, 'src')).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
}

function outputOf(source) {
  return source.replace(/\.ts$/, '.js')
}

/** Paths of the files below `folder`, relative to it, sorted, with forward slashes. */
function filesUnder(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort()
}

function noteFile(root) {
  return join(root, 'node_modules/.cache/infoflow/built')
}
