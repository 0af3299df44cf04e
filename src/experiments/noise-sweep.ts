/**
 * The same weights under several noises: each noise a condition, with its own curves in its own folder, and all of them together in
 * noise-levels.arrow and a picture of I(X;T) against the noise at the last epoch.
 */
import { fixed } from '../report/numbers.js'
import type { NoiseLevelRow } from '../tables/rows.js'
import { noiseLevelSchema } from '../tables/schema.js'
import type { Config } from './config.js'
import type { Companion, Condition, Panel } from './definition.js'
import { noiseLevelWords } from './noise-levels-words.js'
import { PanelTable } from './panel-table.js'

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
  let table = PanelTable.kept<NoiseLevelRow>()
  const kept = () => lastRows(table.rows)
  const noiseOf = (name: string) => conditions.find((one) => one.name === name)!.config.noise.std
  return {
    conditions,
    begin(folder, metadata, resumed = false) {
      table = PanelTable.begin(folder, 'noise-levels', noiseLevelSchema(metadata), resumed)
    },
    known() {},
    companion: (name) => ({
      ...companion(noiseOf(name)),
      looked: async (look) => {
        table.append(look.rows.map((row) => ({ ...row, noise_std: noiseOf(name) })))
        await Promise.resolve()
      },
      state: () => table.rows.length,
      restore(state) {
        const others = table.rows.filter((row) => row.noise_std !== noiseOf(name)).length
        table = table.cutTo((state as number | undefined) ?? others)
      },
    }),
    ended: (name, { information }) => {
      const last = information.filter(({ epoch }) => epoch === information.at(-1)!.epoch)
      const values = last.map(({ layer, mi_corrected }) =>
        mi_corrected === null ? `layer ${layer} not estimated` : `layer ${layer} ${fixed(mi_corrected, 3)}`,
      )
      return `${name.replace('-', ' ')}: ${values.join(', ')} nats`
    },
    finish: () => table.finish(),
    async draw(folder, heading) {
      if (kept().length === 0) return []
      const { noiseLevelsSpecification } = await import('../report/noise-levels-picture.js')
      const { writePicture } = await import('../report/picture.js')
      return writePicture('noise-levels', noiseLevelsSpecification({ ...heading, rows: kept(), trained }), folder)
    },
    words: () => [estimatedNote(table.rows), noiseLevelWords(kept(), trained)].filter(Boolean).join('\n\n'),
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
