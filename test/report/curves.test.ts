import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { writeCurves } from '../../src/report/curves.js'
import type { CurvesInput } from '../../src/report/curves-specification.js'
import { epochAxis, placeOf } from '../../src/report/epoch-axis.js'
import { spread } from '../../src/report/panel.js'
import { curve, informationRow, paperLike, trainingRow } from './rows.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-curves-'))
const usual = { title: 'Information flow', subtitle: 'noise std 0.005', inputs: 4096 }

interface Drawn {
  svg: string
  png: Buffer
  specification: { vconcat: { data: { values: Record<string, unknown>[] } }[] }
  complaints: unknown[]
}

/** Draws, and collects what vega had to complain about. */
async function draw(input: Partial<CurvesInput>): Promise<Drawn> {
  const complaints: unknown[] = []
  const { warn, error } = console
  console.warn = console.error = (...words: unknown[]) => void complaints.push(words)
  try {
    const [svg, png, json] = await writeCurves({ ...usual, ...paperLike(), ...input }, folder)
    const text = (path: string): string => readFileSync(path, 'utf8')
    return { svg: text(svg), png: readFileSync(png), specification: JSON.parse(text(json)), complaints }
  } finally {
    Object.assign(console, { warn, error })
  }
}

/** Texts of the SVG in document order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)/g)].map((match) => match[1])
}

test.after(() => rmSync(folder, { recursive: true }))

test('title, units, layers, ceiling and both ends of the epoch axis are in the picture', async () => {
  const { svg, complaints } = await draw({})
  assert.equal(complaints, [])
  const found = texts(svg)
  const layers = [10, 7, 5, 4, 3].map((width, i) => `layer ${i + 1} (${width} neurons)`)
  const axes = ['I(X;T) [nats]', 'loss [nats]', 'accuracy [%]', 'epoch', '0', '1', '10,000']
  const rest = ['Information flow', 'noise std 0.005', 'ceiling: log 4096 = 8.318 nats', 'train', 'test']
  for (const text of [...layers, ...axes, ...rest]) assert.ok(found.includes(text), `${text} is not in ${found}`)
})

test('the specification holds every row, nothing left to load', async () => {
  const { specification } = await draw({})
  const { information, training } = paperLike()
  assert.is(specification.vconcat[0].data.values.length, information.length)
  assert.is(specification.vconcat[1].data.values.length, 2 * training.length)
  assert.not.match(JSON.stringify(specification), '"url"')
})

test('the PNG is twice the SVG in size, and its text is drawn with the packaged font', async () => {
  const { svg, png } = await draw({})
  assert.is(png.toString('latin1', 1, 4), 'PNG')
  const [, width, height] = svg.match(/ width="(\d+)" height="(\d+)"/)!.map(Number)
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height])
  const fontless = { font: { loadSystemFonts: false }, fitTo: { mode: 'zoom', value: 2 } } as const
  const silent = new Resvg(svg, fontless).render().asPng()
  assert.ok(png.length > 1.2 * silent.length, `${png.length} bytes with text, ${silent.length} without`)
})

test('a title is text, not markup, and control characters do not break the file', async () => {
  const title = '<img src=x onerror=alert(1)> & "\u001b[31m"'
  const { svg, png, complaints } = await draw({ title, subtitle: 'a\u0000b' })
  assert.not.match(svg, '<img')
  assert.match(svg, '&lt;img src=x onerror=alert(1)&gt; &amp; "\\u{1b}[31m"')
  assert.match(svg, 'a\\u{0}b')
  assert.ok(png.length > 10000)
  assert.equal(complaints, [])
})

test('points with too few replicas are hollow and explained', async () => {
  const information = curve([
    [0, 2],
    [1, 3],
    [5, 4],
  ])
  information[1].step_ratio = 0.66
  const hollow = await draw({ information })
  assert.is(hollow.svg.match(/fill="white" stroke=/g)?.length, 1)
  assert.match(hollow.svg, 'hollow: too few replicas')
  information[1].step_ratio = 0.65
  assert.not.match((await draw({ information })).svg, 'hollow')
})

/** Of seed s: 3 and 6 times its rank, in the order of the list; a loss that is the rank. */
function ranked(seeds: number[]): Pick<CurvesInput, 'information' | 'training'> {
  const information = seeds.flatMap((seed, rank) => [
    informationRow(0, 3 * rank, { seed }),
    informationRow(4, 6 * rank, { seed }),
  ])
  return { information, training: seeds.map((seed, rank) => trainingRow(4, { seed, train_loss: rank })) }
}

function mainMarks({ specification }: Drawn, panel: number): unknown[][] {
  const marks = specification.vconcat[panel].data.values.filter((mark) => mark.role === 'main')
  return marks.map(({ series, epoch, low, value, high }) => [series, epoch, low, value, high])
}

test('few seeds: each of them, their median, and a band from lowest to highest', async () => {
  const drawn = await draw(ranked([7, 3, 5]))
  assert.equal(mainMarks(drawn, 0), [
    ['layer 5 (3 neurons)', 0, 0, 3, 6],
    ['layer 5 (3 neurons)', 4, 0, 6, 12],
  ])
  assert.equal(mainMarks(drawn, 1)[0], ['train', 4, 0, 1, 2])
  const thin = drawn.specification.vconcat[0].data.values.filter((mark) => mark.role === 'seed')
  assert.is(thin.length, 6)
  assert.equal(
    thin.filter((mark) => mark.epoch === 4).map((mark) => mark.value),
    [0, 6, 12],
  )
  assert.match(drawn.svg, 'thick: median of 3 seeds; thin: each seed; bands: lowest to highest seed')
  assert.equal(drawn.complaints, [])
})

test('from nine seeds on without thin lines, from ten on the band is the 10th to 90th percentile', async () => {
  const nine = await draw(ranked(Array.from({ length: 9 }, (_, seed) => seed)))
  assert.equal(mainMarks(nine, 0)[1], ['layer 5 (3 neurons)', 4, 0, 24, 48])
  assert.match(nine.svg, 'thick: median of 9 seeds; bands: lowest to highest seed')
  const eleven = await draw(ranked(Array.from({ length: 11 }, (_, seed) => seed)))
  assert.equal(mainMarks(eleven, 0)[1], ['layer 5 (3 neurons)', 4, 6, 30, 54])
  assert.match(eleven.svg, 'thick: median of 11 seeds; bands: 10th to 90th percentile of the seeds')
  for (const { specification, complaints } of [nine, eleven]) {
    assert.not.match(JSON.stringify(specification.vconcat[0].data), '"role":"seed"')
    assert.equal(complaints, [])
  }
})

test('a median is hollow where more than half of its seeds have too few replicas', async () => {
  const { information, training } = ranked([0, 1, 2, 3])
  for (const row of information) if (row.epoch === 4 && row.seed < 2) row.step_ratio = 0.8
  assert.not.match((await draw({ information, training })).svg, 'hollow')
  information[5].step_ratio = 0.8
  const { svg } = await draw({ information, training })
  assert.match(svg.replace(/<[^>]*>/g, ' '), /hollow: too few replicas \(step ratio &gt; 0\.65\)\s+in more than half/)
  assert.is(svg.match(/fill="white" stroke=/g)?.length, 1)
})

test('seeds that are not at every point are told', async () => {
  const { information, training } = ranked([0, 1, 2])
  const { svg } = await draw({ information: information.slice(0, -1), training })
  assert.match(svg, 'not every seed is at every point (2 at fewest)')
})

test('a run without estimates, without training rows, or of a single epoch still makes a picture', async () => {
  const noiseless = await draw({
    information: curve(
      [
        [0, null],
        [9, null],
      ],
      { regime: 'deterministic' },
    ),
  })
  assert.match(noiseless.svg, 'no layer has an estimate')
  assert.not.match(noiseless.svg, 'bands')
  const untrained = await draw({ training: [], information: curve([[0, 2]]) })
  assert.not.match(untrained.svg, 'loss')
  const unknown = { train_loss: NaN, test_loss: null, train_accuracy: null, test_accuracy: null }
  const blank = await draw({ training: [trainingRow(7, unknown)], information: curve([[7, -0.2]], { mi_se: null }) })
  assert.not.match(blank.svg, 'loss')
  for (const { complaints, svg } of [noiseless, untrained, blank]) {
    assert.equal(complaints, [])
    assert.not.match(svg, 'NaN')
  }
})

test('epoch 0 stands left of epoch 1, ticks lie inside the axis', () => {
  for (const epochs of [[0], [0, 1], [0, 3, 40], [0, 1, 10000], [5, 800], [7], []]) {
    const axis = epochAxis(epochs)
    assert.ok(axis.ticks.length > 0, `${epochs}`)
    for (const place of [...axis.ticks, ...epochs.map((epoch) => placeOf(epoch, axis))]) {
      assert.ok(place >= axis.domain[0] && place <= axis.domain[1], `${place} is outside ${axis.domain}`)
    }
    if (epochs.includes(0)) assert.ok(placeOf(0, axis) < 1 && placeOf(0, axis) > 0)
  }
})

test('names that would overlap are moved apart in order and stay on the panel', () => {
  const places = spread([8.3, 8.3, 8.2, 2], 0.5, [0, 9])
  assert.equal(
    places.map((place) => Math.round(10 * place) / 10),
    [8.3, 7.8, 7.3, 2],
  )
  const low = spread([0.1, 0, 0.05], 0.5, [0, 9])
  assert.equal(
    low.map((place) => Math.round(10 * place) / 10),
    [1, 0, 0.5],
  )
})

test.run()
