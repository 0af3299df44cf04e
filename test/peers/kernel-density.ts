/** scikit-learn's KernelDensity, asked through Python: points go and log densities come as raw little-endian files. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../example.js'

/** Row-major; a query is a sample that is stood on and its noise. */
export interface DensityQuestion {
  centers: Float32Array
  standing: Float32Array
  noise: Float32Array
}

export interface DensityAnswer {
  /** Nats, by question and query. */
  scores: Float64Array[]
  versions: string
}

/** log (1/n) sum_j N(t; s_j, bandwidth^2 I) at every query t, with rtol and atol 0. Throws where Python ends badly. */
export function densities(
  python: string,
  dimension: number,
  bandwidth: number,
  questions: DensityQuestion[],
): DensityAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-peer-'))
  try {
    const names = questions.map((_, i) => `question-${i}`)
    questions.forEach((question, i) => {
      for (const [part, values] of Object.entries(question)) writeFileSync(join(folder, `${names[i]}.${part}`), values)
    })
    const script = join(root, 'test/peers/kernel_density.py')
    const words = [script, folder, `${dimension}`, `${bandwidth}`, ...names]
    const versions = execFileSync(python, words, { encoding: 'utf8', timeout: 120_000 }).trim()
    return { scores: names.map((name) => readDoubles(join(folder, `${name}.scores`))), versions }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readDoubles(path: string): Float64Array {
  const bytes = readFileSync(path)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
