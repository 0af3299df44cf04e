// `npm run bundle [-- --out FOLDER] [-- --keep-symbols]`: one archive with Node, infoflow, the packages it loads, the
// Vulkan loader and the software adapter, for a machine with no network: bundle/infoflow-VERSION-linux-x64.tar.gz and
// its sha256. What it asks of that machine is measured on the files themselves, and printed.
//   --out FOLDER     where the archive goes; default bundle/
//   --keep-symbols   leave Node and Dawn as they are; otherwise `strip`, where there is one, makes them smaller
// Exit code: 0 made, 2 another platform, an unknown option, or a Node or package that cannot be bundled.
// COST some 20 s on 2 cores.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeArchive } from './bundle/archive.mjs'
import { adapterParts, nodePart, packageParts, programPart } from './bundle/contents.mjs'
import { runtimePackages } from './bundle/dependencies.mjs'
import { highest, isElf, requirements } from './bundle/elf.mjs'
import { licences, readme } from './bundle/words.mjs'
import { root, setUp } from './setup.mjs'

/** What every Linux with glibc and a C++ runtime has. */
const ofTheSystem =
  /^(ld-linux-x86-64\.so\.2|lib(c|m|dl|rt|pthread)\.so\.\d+|libstdc\+\+\.so\.6|libgcc_s\.so\.1|libatomic\.so\.1)$/

const options = readOptions()
if (process.platform !== 'linux' || process.arch !== 'x64')
  fail(`this is ${process.platform} on ${process.arch}, a bundle is made on linux on x64`)
setUp()

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const name = `infoflow-${version}-linux-x64`
const parts = await allParts()
const { floors, libraries } = asked(parts.flatMap(({ files }) => files))
const { sizes, size, sha256, archive } = await write([...parts, documents()])
report()

async function allParts() {
  const packages = runtimePackages(root)
  const adapter = await adapterParts(root)
  if (!adapter) fail(`the package with the software adapter and the Vulkan loader is missing: run 'npm ci'`)
  const own = programPart(root, version)
  own.files.push(textFile('LICENSES.txt', licences(root, version, packages)))
  own.files.push({ ...textFile('infoflow', readFileSync(join(root, 'scripts/bundle/infoflow.sh'))), mode: 0o755 })
  return [nodePart(options), ...packageParts(root, packages, options), ...adapter, own]
}

/** The highest version of each kind, and the system's libraries, that any program or library of the bundle asks for. */
function asked(files) {
  const all = files
    .filter(({ bytes }) => isElf(bytes))
    .map(({ path, bytes }) => {
      const needs = requirements(bytes)
      const strange = needs.libraries.filter((library) => !ofTheSystem.test(library))
      if (strange.length > 0) fail(`${path} needs ${strange.join(', ')}: ${wayOut(path)}`)
      return needs
    })
  const libraries = [...new Set(all.flatMap((one) => one.libraries))].sort()
  return { floors: highest(all.flatMap((one) => one.versions)), libraries }
}

function wayOut(path) {
  if (path !== 'bin/node') return 'a bundle would not run elsewhere'
  return 'run this with a Node that is one file, such as the one from https://nodejs.org'
}

function documents() {
  return { name: 'README', files: [textFile('README.md', readme({ name, version, floors, libraries }))] }
}

/** Written beside and renamed: an archive that is there is whole. */
async function write(allOfIt) {
  const folder = resolve(root, options.out)
  const archive = join(folder, `${name}.tar.gz`)
  mkdirSync(folder, { recursive: true })
  const aside = `${archive}.${process.pid}`
  try {
    const inFolder = (file) => ({ ...file, path: `${name}/${file.path}` })
    const within = allOfIt.map((part) => ({ ...part, files: part.files.map(inFolder) }))
    const written = await writeArchive(aside, within)
    renameSync(aside, archive)
    writeFileSync(`${archive}.sha256`, `${written.sha256}  ${name}.tar.gz\n`)
    return { ...written, archive }
  } finally {
    rmSync(aside, { force: true })
  }
}

function report() {
  const line = (what, unpacked, packed) => `${what.padEnd(34)}${megabytes(unpacked)}${megabytes(packed)}`
  const unpacked = parts.map(({ files }) => files.reduce((sum, { bytes }) => sum + bytes.length, 0))
  const lines = parts.map((part, i) => line(part.name, unpacked[i], sizes[i]))
  const total = line(
    'all',
    unpacked.reduce((sum, one) => sum + one, 0),
    size,
  )
  const kinds = [...floors].map(([kind, number]) => `${kind} ${number}`).join(', ')
  say(['part                                unpacked      packed', ...lines, total, ''].join('\n'))
  say(`needs glibc ${floors.get('GLIBC')} or newer (measured: ${kinds})`)
  say(`${archive}\nsha256 ${sha256}`)
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`.padStart(11)
}

function textFile(path, text) {
  return { path, bytes: Buffer.from(text), mode: 0o644 }
}

function readOptions() {
  try {
    const flags = { out: { type: 'string', default: 'bundle' }, 'keep-symbols': { type: 'boolean', default: false } }
    const { values } = parseArgs({ options: flags })
    return { out: values.out, keepSymbols: values['keep-symbols'] }
  } catch (error) {
    return fail(error.message)
  }
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function fail(message) {
  process.stderr.write(`npm run bundle: ${message}\n`)
  process.exit(2)
}
