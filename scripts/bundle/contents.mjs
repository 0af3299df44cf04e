// What goes into a bundle, part by part, and where it lies there: bin/node, and program/ laid out as the package is, so
// that every file finds the others as it does in a clone.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, runtimeFiles } from './dependencies.mjs'
import { askingFor, isElf, symbolsAt } from './elf.mjs'

/** The running Node, without symbols unless `keepSymbols` or where there is no strip. */
export function nodePart({ keepSymbols }) {
  const bytes = keepSymbols ? readFileSync(process.execPath) : stripped(process.execPath)
  return { name: `Node ${process.versions.node}`, files: [{ path: 'bin/node', bytes, mode: 0o755 }] }
}

/** infoflow itself, as built, and its documents. */
export function programPart(root, version) {
  const folders = ['dist', 'shaders', 'fonts', 'page'].flatMap((folder) =>
    filesUnder(join(root, folder)).map((file) => `${folder}/${file}`),
  )
  const documents = ['README.md', 'METHOD.md', ...filesUnder(join(root, 'docs')).map((file) => `docs/${file}`)]
  const program = ['package.json', 'scripts/bench_peer.py', ...folders].filter(
    (file) => !/\.(d\.ts|md|map)$/.test(file),
  )
  const files = [...program, ...documents]
  return { name: `infoflow ${version}`, files: files.map((file) => fileOf(root, file)) }
}

/** Parts of the packages: Dawn and resvg, which hold native code, and all others together. */
export function packageParts(root, packages, { keepSymbols }) {
  const native = { webgpu: 'Dawn (webgpu', '@resvg/resvg-js-linux-x64-gnu': 'resvg (@resvg/resvg-js' }
  const parts = packages.map(({ path, name, version }) => {
    const files = runtimeFiles(root, path).map((file) => packageFile(root, `${path}/${file}`, keepSymbols))
    return { name: native[name] ? `${native[name]} ${version})` : 'other packages', files }
  })
  const names = [...new Set(parts.map(({ name }) => name))].sort()
  return names.map((name) => ({ name, files: parts.filter((one) => one.name === name).flatMap(({ files }) => files) }))
}

/** SwiftShader and the Vulkan loader, as infoflow itself unpacks and checks them; null where the package is absent. */
export async function adapterParts(root) {
  const { unpackEmbedded } = await import(pathToFileURL(join(root, 'dist/gpu/embedded.js')).href)
  const embedded = unpackEmbedded()
  if (!embedded) return null
  const folder = dirname(embedded.loader)
  const part = (name, ...files) => ({
    name,
    files: files.map((file) => ({ ...fileOf(folder, file), path: `program/swiftshader/${file}` })),
  })
  return [
    part('SwiftShader', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'),
    part('Vulkan loader', 'libvulkan.so.1'),
  ]
}

function packageFile(root, path, keepSymbols) {
  const file = fileOf(root, path)
  if (!isElf(file.bytes)) return file
  return { ...file, bytes: withOlderWait(keepSymbols ? file.bytes : stripped(join(root, path))) }
}

/**
 * Dawn is linked against GCC 12's libstdc++ for one symbol alone: waiting at a condition variable, whose new form lets
 * the cancellation of a thread through, which Dawn does not use. All libstdc++ have the old form too. With that one it
 * runs on systems of GCC 11 as well, Red Hat Enterprise Linux 9 and its like.
 */
function withOlderWait(bytes) {
  const [newer, older] = ['GLIBCXX_3.4.30', 'GLIBCXX_3.4.11']
  const wait = '_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE'
  return symbolsAt(bytes, newer).join() === wait ? askingFor(bytes, newer, older) : bytes
}

/** A program or library without symbols and debugging information; as it is where there is no strip. */
function stripped(file) {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-bundle-'))
  try {
    const output = join(folder, 'stripped')
    const { status } = spawnSync('strip', ['--strip-unneeded', '-o', output, file], { stdio: 'ignore' })
    return readFileSync(status === 0 && existsSync(output) ? output : file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function fileOf(folder, file) {
  return { path: `program/${file}`, bytes: readFileSync(join(folder, file)), mode: 0o644 }
}
