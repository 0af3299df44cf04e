// The order of the house, from the ground up: a file imports only from places above its own line here (lower
// levels), or from its own place. Several names on one line of `places` are one place: they may see each other.
const places: [level: number, ...names: string[]][] = [
  [0, 'math'],
  [0, 'errors.ts'],
  [0, 'cache-folders.ts'],
  [0, 'memory.ts'],
  [0, 'ipc'],
  [1, 'gpu'],
  [1, 'tables'],
  [1, 'kernels'],
  [1, 'samples'],
  [2, 'plan.ts', 'machine'],
  [2, 'data'],
  [2, 'export'],
  [3, 'network'],
  [3, 'summation'],
  [3, 'rivals'],
  [4, 'training'],
  [4, 'information'],
  [4, 'clustering'],
  [4, 'report'],
  [4, 'weights'],
  [4, 'expectation.ts'],
  [5, 'scheduler.ts', 'calibration.ts'],
  [5, 'validation'],
  [5, 'comparison'],
  [5, 'overview'],
  [5, 'bench'],
  [6, 'experiments'],
  [6, 'profile'],
  [7, 'sweep'],
  [8, 'commands'],
  [9, 'cli.ts', 'index.ts'],
]

/** Imports of src/, by file: paths relative to src/ ("gpu/device.ts"). */
export type ImportGraph = Map<string, string[]>

/** One line for each import that goes up or sideways, and for each file that belongs to no place. */
export function levelViolations(graph: ImportGraph): string[] {
  const homeless = [...graph.keys()].filter((file) => !placeOf(file)).map((file) => `src/${file} has no level`)
  return [...homeless, ...[...graph].flatMap(([file, imports]) => imports.flatMap((other) => violation(file, other)))]
}

function violation(file: string, imported: string): string[] {
  const [from, to] = [placeOf(file), placeOf(imported)]
  if (!from || !to || from === to || to[0] < from[0]) return []
  return [`src/${file} (level ${from[0]}) imports src/${imported} (level ${to[0]})`]
}

function placeOf(file: string) {
  const name = file.split('/')[0]
  return places.find(([, ...names]) => names.includes(name))
}

/** One line for each cycle of imports: "a.ts -> b.ts -> a.ts". */
export function importCycles(graph: ImportGraph): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (path.includes(file) || done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}
