// Experiments without a network, in small, on the f64 references: what they estimate is known.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mixture } from '../../src/experiments/mixture.js'
import { mixtureErrors, querySlopes } from '../../src/experiments/mixture-words.js'
import type { MixtureConfig } from '../../src/experiments/mixture-config.js'
import { readAs } from '../../src/experiments/read-config.js'
import { reedMuller } from '../../src/experiments/reed-muller.js'
import { studies } from '../../src/experiments/studies.js'
import { modeDefaults, type Study, type StudyConfig, type StudyDefinition } from '../../src/experiments/study.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { batchOfRows } from '../../src/tables/batch.js'
import type { MixtureRow, ReedMullerRow } from '../../src/tables/study-schema.js'
import { close } from '../close.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-studies-'))
test.after(() => rmSync(folder, { recursive: true }))
const heading = { title: 'small', subtitle: 'on the references' }

async function ran(definition: StudyDefinition, sets: string[]) {
  const config = readAs(await definition.schema(), definition.defaults, { sets })
  const study = await definition.prepare(config)
  const rows: object[] = []
  for (const task of study.tasks) rows.push(...(await task.run(new ReferenceMachine())))
  return { config, study, rows }
}

/** Every row fits the table, three pictures are drawn; the summary on one line. */
async function told({ study, rows }: { study: Study; rows: object[] }): Promise<string> {
  batchOfRows(study.schema({ configuration_hash: '' }), rows)
  const paths = await study.draw(rows, folder, heading)
  assert.ok(paths.length === 3 && paths.every((path) => existsSync(path)))
  return study.summary(rows).replace(/\s+/g, ' ')
}

test('every value of a quick run and of a full one is one that may be given', async () => {
  for (const definition of Object.values(studies)) {
    for (const mode of ['quick', 'full'] as const) {
      const config: StudyConfig = modeDefaults(definition, mode)
      assert.equal(readAs(await definition.schema(), config, {}), config)
      const { tasks } = await definition.prepare(config)
      assert.ok(tasks.length > 100 && tasks.every(({ steps }) => steps > 0))
      assert.ok(
        tasks.every(({ round }, i) => i === 0 || round >= tasks[i - 1].round),
        'whole rounds',
      )
    }
  }
})

test('mixture: errors fall with samples and with queries, and the truth is in most intervals', async () => {
  const small = ['dimensions=[2]', 'noiseStds=[1]', 'samples=[16, 128]', 'queries=512', 'repetitions=5']
  const corners = ['corners.dimensions=[3]', 'corners.queriesEach=[8, 128]', 'corners.repetitions=30']
  const run = await ran(mixture, [...small, ...corners])
  const rows = run.rows as MixtureRow[]
  assert.is(rows.length, 2 * 2 * 3 * 5 + 2 * 30)
  const errors = mixtureErrors(rows).filter(({ part, estimator }) => part === 'samples' && estimator === 'sp')
  assert.equal(
    errors.map(({ truncated, samples, failed }) => [truncated, samples, failed]),
    [
      [false, 16, 0],
      [false, 128, 0],
      [true, 16, 0],
      [true, 128, 0],
    ],
  )
  assert.ok(errors[1].value < errors[0].value && errors[3].value < errors[2].value)
  assert.ok(errors.every(({ low, value, high }) => low < value && value < high))
  const propagated = rows.filter(({ part, estimator }) => part === 'samples' && estimator === 'sp')
  const held = propagated.filter(({ low, high, truth }) => low! <= truth && truth <= high!)
  assert.ok(held.length >= 0.7 * propagated.length, `${held.length} of ${propagated.length}`)
  const [{ slope }] = querySlopes(rows, run.config as MixtureConfig)
  assert.ok(slope.low <= -0.5 && -0.5 <= slope.high && slope.high < -0.1, JSON.stringify(slope))
  const text = await told(run)
  assert.match(text, /RMSE of h\(T\), nats, n = 128 .* d = 2, noise 1, cut .* Slope of log RMSE .* holds -1\/2/)
  assert.match(text, /At n = 128 the smallest RMSE of 2 settings belongs to sp in \d/)
})

test('mixture: what an interrupted run has is drawn and told as well', async () => {
  const sets = ['dimensions=[2]', 'samples=[16]', 'repetitions=1', 'corners.repetitions=1', 'corners.dimensions=[2]']
  const { study, rows } = await ran(mixture, sets)
  for (const some of [rows.slice(0, 1), rows.slice(0, 4)]) await told({ study, rows: some })
})

test('reed-muller: free bits and a repetition code as quadrature has them, no code above its bounds', async () => {
  const sampled = ['sampled.codes=[[2,2]]', 'sampled.samples=[64]', 'sampled.snrs=[0]', 'sampled.repetitions=2']
  const run = await ran(reedMuller, ['codes=[[0,2],[1,2],[2,2]]', 'snrs=[-3, 3]', 'queries=4096', ...sampled])
  const rows = run.rows as ReedMullerRow[]
  const all = rows.filter(({ regime }) => regime === 'all words')
  assert.is(all.length, 6)
  for (const row of all) {
    const bound = Math.min(row.bound_words, row.bound_bpsk, row.bound_gaussian)
    assert.ok(row.mi_corrected! < bound + 4 * row.se! + 1e-4, JSON.stringify(row))
    if (row.order !== 1) close(row.mi_corrected!, row.truth!, 5 * row.se! + 1e-4, `order ${row.order}`)
    else assert.is(row.truth, null)
  }
  assert.is(rows.length, 6 + 3 * 2)
  const text = await told(run)
  assert.match(text, /99 % of k log 2 is delivered by RM\(0,2\) (from|nowhere)/)
  assert.match(text, /Where quadrature knows I, \d of 4 intervals hold it/)
})

test('a code with too many words to sum over is refused, with where to put it', async () => {
  const config = readAs(await reedMuller.schema(), reedMuller.defaults, { sets: ['codes=[[1,3],[3,5]]'] })
  try {
    await reedMuller.prepare(config)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /^codes\.1: RM\(3,5\) has 2\^26 words .*: put it into sampled\.codes/)
  }
})

test.run()
