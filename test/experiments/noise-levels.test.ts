// The same weights under more and more noise.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noiseLevels } from '../../src/experiments/noise-levels.js'
import { close } from '../close.js'
import { cube, runWith, small, type Ran } from './run-with.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-levels-'))
test.after(() => rmSync(folder, { recursive: true }))
const sets = [...small, 'noise.std=0.05', 'noiseStds=[2, 0.0001, 0.05]', 'measurement.ownReplicas=64']
let ran: Ran

test('from log 8 under hardly any noise to little under much, layer by layer', async () => {
  ran = await runWith(noiseLevels, cube, sets)
  assert.ok(ran.whole)
  const places = ran.rows.noiseLevels.map(({ epoch, layer, noise_std }) => [epoch, layer, noise_std])
  assert.equal(
    places,
    [0.0001, 0.05, 2].flatMap((noise) => [1, 2].map((layer) => [5, layer, noise])),
  )
  for (const layer of [1, 2]) {
    const rows = ran.rows.noiseLevels.filter((row) => row.layer === layer)
    const [least, middle, most] = rows.map((row) => row.mi_corrected!)
    close(least, Math.log(8), 1e-4, `layer ${layer} under noise 0.0001`)
    assert.ok(middle < least && most < middle, `layer ${layer}: ${least}, ${middle}, ${most}`)
    assert.ok(most < 0.5, `layer ${layer} under noise 2: ${most}`)
  }
})

test("at the trained noise the run's own last measurement comes again, draw for draw", () => {
  const bare = ({ seconds, ...row }: { seconds: number }) => [row, seconds > 0]
  const last = ran.rows.information.filter(({ epoch }) => epoch === 5).map((row) => ({ ...row, noise_std: 0.05 }))
  const again = ran.rows.noiseLevels.filter((row) => row.noise_std === 0.05)
  assert.is(last.length, 2)
  assert.equal(again.map(bare), last.map(bare))
})

test('words and picture', async () => {
  const words = ran.companion.words().replace(/\s+/g, ' ')
  assert.match(
    words,
    /^At the same weights, I\(X;T\) of layers 1 to 2 is 2\.08, 2\.08 nats under noise 0\.0001, .* at the trained 0\.05, and /,
  )
  assert.match(words, /leave less than half: layer 1 at 2, layer 2 at /)
  assert.match(words, /Noise other than 0\.05 was not part of training/)
  const paths = await ran.companion.draw(folder, { title: 'noise', subtitle: 'a cube' })
  assert.ok(paths.length === 3 && paths.every((path) => existsSync(path)))
})

test('who wants no more is heard between two noises', async () => {
  const { whole, rows, companion } = await runWith(noiseLevels, cube, sets, AbortSignal.abort())
  assert.not(whole)
  assert.equal(rows.noiseLevels, [])
  assert.is(companion.words(), '')
  assert.equal(await companion.draw(folder, { title: 'noise', subtitle: 'a cube' }), [])
})

test.run()
