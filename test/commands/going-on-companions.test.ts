// Companions and panels of runs that die: what they remember, their tables, pictures' rows and words are those of a run that did not.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Companion, ExperimentDefinition } from '../../src/experiments/definition.js'
import { binning } from '../../src/experiments/binning.js'
import { noiseLevels } from '../../src/experiments/noise-levels.js'
import { proxy } from '../../src/experiments/proxy.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode, toDraft, toExperiment, type SettledConfig } from '../../src/experiments/settle.js'
import { cube, small } from '../experiments/run-with.js'
import { part } from './dying.js'
import { rowsOf, sameTables } from './kills.js'
import { scratch } from './process.js'

const folder = scratch(test)
const sampling = ['replicas', 'ownReplicas', 'batches'].map((key) => `measurement.${key}=4`)

function begin(...names: string[]): string {
  mkdirSync(join(folder, ...names), { recursive: true })
  return join(folder, ...names)
}

/** Runs in parts of so many calls, each with a companion of its own; the last one. */
async function inParts(
  definition: ExperimentDefinition,
  sets: string[],
  name: string,
  calls: number,
): Promise<Companion> {
  const config = applyMode(readConfig(definition.defaults, { sets }), definition)
  const experiment = toExperiment(config as SettledConfig, toDraft(config, cube))
  const run = begin(name)
  for (let parts = 0; ; parts++) {
    const companion = await definition.companion!(config, cube)
    const { died } = await part(run, experiment, { calls: calls + parts, resumed: parts > 0, companion })
    if (died) continue
    assert.ok(calls === Infinity || parts > 2, `${parts} deaths`)
    return companion
  }
}

for (const [definition, sets, calls] of [
  [binning, ['noise.std=0', 'seeds=[1]', 'binWidths=[1, 0.1]'], 8],
  [noiseLevels, ['seeds=[1]', 'noise.std=0.1', 'noiseStds=[0.05, 0.1, 0.5]', ...sampling, 'measurement.queries=1'], 6],
] as const) {
  test(`${definition.name}: remembers what it saw, and does not do it again`, async () => {
    const all = [...small, ...sets]
    const whole = await inParts(definition, all, `${definition.name}-whole`, Infinity)
    const killed = await inParts(definition, all, `${definition.name}-killed`, calls)
    sameTables(join(folder, `${definition.name}-killed`), join(folder, `${definition.name}-whole`))
    assert.equal(JSON.parse(JSON.stringify(killed.state!())).length, (whole.state!() as object[]).length)
    assert.is(killed.words(), whole.words())
  })
}

/** All conditions in parts of so many calls, each part with a panel of its own; the words in the end. */
async function conditions(name: string, calls: number): Promise<string> {
  const sets = [
    'training.trainCount=6',
    'training.epochs=6',
    'measurement.count=6',
    'noiseStds=[0.5, 0.001]',
    'seeds=1..3',
  ]
  const config = applyMode(
    readConfig(proxy.defaults, { sets: [...small.filter((set) => !/trainCount|epochs|count/.test(set)), ...sets] }),
    proxy,
  )
  const top = begin(name)
  const through = new Set<string>()
  for (let parts = 0; ; parts++) {
    const panel = await proxy.panel!(config, cube)
    panel.begin(top, { configuration_hash: 'none' }, parts > 0)
    let dead = false
    for (const condition of panel.conditions) {
      const run = join(top, condition.name)
      if (through.has(condition.name)) {
        panel.known(condition.name, run)
        panel.ended(condition.name, { training: rowsOf(run, 'training') as never, information: [] }, true)
        continue
      }
      const resumed = parts > 0 && readdirSync(top).includes(condition.name)
      begin(name, condition.name)
      const experiment = toExperiment(condition.config as SettledConfig, toDraft(condition.config, cube))
      const companion = panel.companion(condition.name)
      const { died, rows } = await part(run, experiment, { calls: calls + parts, resumed, companion })
      if (died) {
        dead = true
        break
      }
      panel.ended(condition.name, rows, true)
      through.add(condition.name)
    }
    if (parts % 2 === 1 || !dead) panel.finish(!dead)
    if (dead) continue
    assert.ok(calls === Infinity || parts > 4, `${parts} deaths`)
    return panel.words()
  }
}

test('conditions: those that are through are passed over, the reference is known, the broken one goes on', async () => {
  const whole = await conditions('panel-whole', Infinity)
  const killed = await conditions('panel-killed', 30)
  sameTables(join(folder, 'panel-killed'), join(folder, 'panel-whole'))
  assert.is(killed, whole)
})

test.run()
