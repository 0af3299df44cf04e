// All conditions of an experiment on the f64 references, in memory, as the command runs them.
import type { DataSet } from '../../src/data/dataset.js'
import type { Config } from '../../src/experiments/config.js'
import type { ExperimentDefinition, Panel, RunRows } from '../../src/experiments/definition.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyData, applyMode, toDraft, toExperiment, type SettledConfig } from '../../src/experiments/settle.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { runExperiment } from '../../src/scheduler.js'
import type { Recorder } from '../../src/tables/rows.js'

export interface PanelRun {
  config: Config
  panel: Panel
  rows: Map<string, RunRows>
  /** What was said at the end of each condition. */
  told: string[]
}

/** A definition on other data, its configuration changed as by --set; nothing may be left to pick. Tables only with a folder. */
export async function runPanel(
  definition: ExperimentDefinition,
  data: DataSet,
  sets: string[],
  folder?: string,
): Promise<PanelRun> {
  const config = applyData(applyMode(readConfig(definition.defaults, { sets }), definition), data)
  const panel = await definition.panel!(config, data)
  if (folder !== undefined) panel.begin(folder, { configuration_hash: 'none' })
  const run: PanelRun = { config, panel, rows: new Map(), told: [] }
  for (const condition of panel.conditions) {
    const rows: RunRows = { training: [], information: [] }
    const companion = panel.companion(condition.name)
    const experiment = toExperiment(condition.config as SettledConfig, toDraft(condition.config, data))
    await runExperiment(new ReferenceMachine(), experiment, silent, {
      evaluated: (some) => rows.training.push(...some),
      measured: (some) => rows.information.push(...some),
      progress() {},
      looked: async (look) => companion.looked?.(look, silent),
    })
    run.told.push(panel.ended(condition.name, rows, true))
    run.rows.set(condition.name, rows)
  }
  return run
}

const silent: Recorder = {
  ...{ training() {}, information() {}, rival() {}, noiseLevel() {}, entropy() {}, activations() {}, weights() {} },
  ...{ clustering() {}, binnedEntropy() {}, histogram() {}, scatter() {} },
}
