/**
 * What `infoflow run noise-levels` adds: after training, one measurement for each noise of the grid at the final weights, as rows
 * of noise-levels.arrow and a picture. At the trained noise it repeats the run's last measurement, draw for draw.
 */
import { Measurer } from '../information/measurer.js'
import { fixed } from '../report/numbers.js'
import type { NoiseLevelRow } from '../tables/rows.js'
import { shared } from '../training/setup.js'
import type { Config } from './config.js'
import type { Companion, FinishedRun } from './definition.js'
import { remembered } from './memory.js'
import { noiseLevelWords } from './noise-levels-words.js'
import { requireOneSeed } from './seeds.js'

export async function noiseLevelsCompanion(config: Config): Promise<Companion> {
  const { noise, noiseStds = [] } = config
  requireOneSeed(config)
  await Promise.resolve()
  const rows: NoiseLevelRow[] = []
  return {
    beside: `noises: after training each of ${noiseStds.length} is measured, the largest slowest, which the expected time leaves out`,
    async finished(run) {
      const parameters = (await run.machine.read(shared.parameters)) as Float32Array
      for (const noiseStd of [...new Set(noiseStds)].sort((a, b) => a - b)) {
        if (run.signal.aborted) return false
        if (rows.some((row) => row.noise_std === noiseStd)) continue
        const measured = await measuredAt(run, parameters, noiseStd)
        rows.push(...measured)
        for (const row of measured) run.recorder.noiseLevel(row)
        run.keep()
        const told = measured.map(({ mi_corrected }) => fixed(mi_corrected, 3).padStart(10)).join('')
        run.log(`  noise ${String(noiseStd).padEnd(12)}${told}`)
      }
      return true
    },
    async draw(folder, heading) {
      if (rows.length === 0) return []
      const { noiseLevelsSpecification } = await import('../report/noise-levels-picture.js')
      const { writePicture } = await import('../report/picture.js')
      return writePicture('noise-levels', noiseLevelsSpecification({ ...heading, rows, trained: noise.std }), folder)
    },
    words: () => noiseLevelWords(rows, noise.std),
    ...remembered(rows),
  }
}

/** All layers of the trained network with another noise, on buffers of its own. */
async function measuredAt(
  { machine, experiment }: FinishedRun,
  parameters: Float32Array,
  noiseStd: number,
): Promise<NoiseLevelRow[]> {
  const { data, measurement, training } = experiment
  const [seed] = experiment.seeds
  const network = { ...experiment.network, noiseStd }
  machine.release()
  machine.allocate({
    [shared.inputs]: { type: 'f32', length: data.inputs.length },
    [shared.labels]: { type: 'u32', length: data.labels.length },
    [shared.parameters]: { type: 'f32', length: parameters.length },
  })
  machine.write(shared.inputs, data.inputs)
  machine.write(shared.labels, data.labels)
  machine.write(shared.parameters, parameters)
  const measurer = await Measurer.create(machine, { seed, data, network, options: measurement, buffers: shared })
  const rows = await measurer.measure(training.epochs)
  return rows.map((row) => ({ ...row, noise_std: noiseStd }))
}
