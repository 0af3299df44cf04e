/**
 * The same weights under several noises: each noise a condition, with its own curves in its own folder, and all of them together in
 * noise-levels.arrow and a picture of I(X;T) against the noise at the last epoch.
 */
import { join } from 'node:path'
import { fixed } from '../report/numbers.js'
import { batchOfRows } from '../tables/batch.js'
import type { NoiseLevelRow } from '../tables/rows.js'
import { noiseLevelSchema } from '../tables/schema.js'
import { TableWriter } from '../tables/stream.js'
import type { Config } from './config.js'
import type { Companion, Condition, Panel } from './definition.js'
import { noiseLevelWords } from './noise-levels-words.js'

/** Noises in ascending order, each once. `trained` is that of training, null where layers differed; `companion` is that of a single noise. */
export function noiseSweep(
  config: Config,
  noiseStds: readonly number[],
  trained: number | null,
  companion: (noiseStd: number) => Companion,
): Panel {
  const conditions = noiseStds.map((std): Condition => {
    return { name: `noise-${std}`, title: `noise ${std}`, config: { ...config, noise: { std } } }
  })
  const rows: NoiseLevelRow[] = []
  let table: TableWriter | null = null
  const kept = () => lastRows(rows)
  const noiseOf = (name: string) => conditions.find((one) => one.name === name)!.config.noise.std
  return {
    conditions,
    begin(folder, metadata) {
      table = new TableWriter(join(folder, 'noise-levels.arrows'), noiseLevelSchema(metadata))
    },
    companion: (name) => ({
      ...companion(noiseOf(name)),
      looked: async (look) => {
        const seen = look.rows.map((row) => ({ ...row, noise_std: noiseOf(name) }))
        rows.push(...seen)
        if (table && seen.length > 0) table.append(batchOfRows(table.schema, seen))
        await Promise.resolve()
      },
    }),
    ended: (name, { information }) => {
      const last = information.filter(({ epoch }) => epoch === information.at(-1)!.epoch)
      const values = last.map(({ layer, mi_corrected }) =>
        mi_corrected === null ? `layer ${layer} not estimated` : `layer ${layer} ${fixed(mi_corrected, 3)}`,
      )
      return `${name.replace('-', ' ')}: ${values.join(', ')} nats`
    },
    finish: () => (table ? [table.finish()] : []),
    async draw(folder, heading) {
      if (kept().length === 0) return []
      const { noiseLevelsSpecification } = await import('../report/noise-levels-picture.js')
      const { writePicture } = await import('../report/picture.js')
      return writePicture('noise-levels', noiseLevelsSpecification({ ...heading, rows: kept(), trained }), folder)
    },
    words: () => [estimatedNote(rows), noiseLevelWords(kept(), trained)].filter(Boolean).join('\n\n'),
  }
}

/** Of the last epoch and the first seed, the layers that every noise has an estimate of. */
function lastRows(rows: NoiseLevelRow[]): NoiseLevelRow[] {
  const last = Math.max(...rows.map(({ epoch }) => epoch))
  const seed = rows[0]?.seed
  const own = rows.filter((row) => row.epoch === last && row.seed === seed)
  const lacking = new Set(own.filter(({ mi_corrected }) => mi_corrected === null).map(({ layer }) => layer))
  return own.filter(({ layer }) => !lacking.has(layer)).sort((a, b) => a.noise_std - b.noise_std)
}

function estimatedNote(rows: NoiseLevelRow[]): string {
  const lacking = new Set(rows.filter(({ mi_corrected }) => mi_corrected === null).map(({ layer }) => layer))
  if (lacking.size === 0) return ''
  const layers = [...lacking].sort((a, b) => a - b)
  return `Without an estimate under some noise, and not in the picture: ${layers.length === 1 ? 'layer' : 'layers'} ${layers.join(', ')}.`
}
