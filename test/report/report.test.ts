import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { performReport } from '../../src/commands/perform-report.js'
import { readReportRequest } from '../../src/commands/report-options.js'
import { median } from '../../src/math/statistics.js'
import { readRows } from '../../src/tables/read.js'
import { scratch } from '../commands/process.js'
import { measuredEpochs, writeMovingRun } from './moving-run.js'

const folder = scratch(test)
type Row = Record<string, number> & { curve: string; role: string; seed: number | null }

/** What it prints, and what it takes in seconds of the processor. */
async function report(folders: string[], more: { out?: string; style?: 'screen' | 'paper' } = {}) {
  const [write, lines] = [process.stdout.write, [] as string[]]
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof process.stdout.write
  const before = process.cpuUsage()
  try {
    await performReport({ folders, style: 'screen', ...more })
  } finally {
    process.stdout.write = write
  }
  const { user, system } = process.cpuUsage(before)
  return { printed: lines.join(''), seconds: (user + system) / 1e6 }
}

const figure = (run: string, name: string) => JSON.parse(readFileSync(join(run, 'figures', `${name}.vl.json`), 'utf8'))
const rowsOf = (run: string, name: string): Row[] => figure(run, name).data.values

const one = join(folder, 'one')
const several = join(folder, 'several')
test.before(async () => {
  writeMovingRun(one, { warnings: ['<b>too few</b> replicas'] })
  writeMovingRun(several, { seeds: [1, 2, 3], measurements: 8 })
  await report([one])
  await report([several])
})

test("one seed: every figure's numbers are the tables'", () => {
  const information = readRows<Record<string, number>>(join(one, 'information.arrow'))
  const of = (layer: number) => information.filter((row) => row.layer === layer)
  const drawn = rowsOf(one, 'information').filter(({ role }) => role === 'main')
  assert.is(drawn.length, information.length)
  for (const layer of [1, 5]) {
    const own = drawn.filter((row) => row.layer === layer)
    assert.equal(
      own.map(({ epoch, value, low, high }) => [epoch, value, low, high]),
      of(layer).map((row) => [row.epoch, row.mi_corrected, row.mi_low, row.mi_high]),
    )
    const difference = rowsOf(one, 'information-beyond-label').filter((row) => row.layer === layer)
    assert.equal(
      difference.map(({ value }) => value),
      of(layer).map((row) => row.mi_corrected - row.label_mi_corrected),
    )
    const plane = rowsOf(one, 'information-plane').filter((row) => row.layer === layer)
    assert.equal(
      plane.map(({ mi, label_mi }) => [mi, label_mi]),
      of(layer).map((row) => [row.mi_corrected, row.label_mi_corrected]),
    )
  }
  const training = readRows<Record<string, number>>(join(one, 'training.arrow'))
  const values = (name: string, curve: string) =>
    rowsOf(one, name)
      .filter((row) => row.curve === curve)
      .map(({ value }) => value)
  assert.equal(
    values('loss', 'test'),
    training.map((row) => row.test_loss),
  )
  assert.equal(
    values('accuracy', 'train'),
    training.map((row) => 100 * row.train_accuracy),
  )
  const layerRows = (table: string, layer: number) =>
    readRows<Record<string, never>>(join(one, `${table}.arrow`)).filter((row) => row.layer === layer)
  const clustering = layerRows('clustering', 3)
  for (const kind of ['within', 'between']) {
    assert.equal(
      rowsOf(one, `distances-${kind}`)
        .filter((row) => row.layer === 3)
        .map(({ value, low, high }) => [value, low, high]),
      clustering.map((row) => [row[`${kind}_median`], row[`${kind}_q25`], row[`${kind}_q75`]]),
    )
  }
  const bins = layerRows('binned-entropies', 4).filter(({ bin_width }) => bin_width === 0.05)
  assert.equal(
    values('binned-entropies-layer-4', 'H(Bin(T)), bins of 0.05'),
    bins.map(({ h_bin }) => h_bin),
  )
  const rivals = layerRows('rivals', 2).filter(
    ({ estimator, quantity }) => estimator === 'kolchinsky-tracey' && quantity === 'mi',
  )
  assert.equal(
    values('rivals-layer-2', 'kolchinsky-tracey upper'),
    rivals.map(({ value }) => value),
  )
})

test('histograms and scatter: shares and places are those of the tables', () => {
  const counts = readRows<{ epoch: number; layer: number; kind: string; counts: number[] }>(
    join(one, 'histograms.arrow'),
  )
  const epochs = measuredEpochs(20)
  for (const epoch of [0, epochs[19]]) {
    const own = counts.find((row) => row.epoch === epoch && row.layer === 5 && row.kind === 'activation')!.counts
    const all = own.reduce((a, b) => a + b)
    const drawn = rowsOf(one, 'histograms').filter((row) => row.layer === 5 && row.epoch === epoch)
    assert.equal(
      drawn.slice(0, 40).map(({ share }) => share),
      own.map((count) => count / all),
    )
    const places = readRows<Record<string, number>>(join(one, 'scatter.arrow')).filter((row) => row.epoch === epoch)
    const plane = rowsOf(one, 'scatter').filter((row) => row.epoch === epoch && String(row.plane) === 'neuron 3 / 1')
    assert.equal(
      plane.map((row) => [row.x, row.class, row.across, row.up]),
      places.map((row) => [row.x, row.y, row.s1, row.s3]),
    )
  }
})

test('several seeds: medians, their spread, and each seed', () => {
  const information = readRows<Record<string, number>>(join(several, 'information.arrow'))
  const epoch = measuredEpochs(8)[3]
  const drawn = rowsOf(several, 'information').filter((row) => row.layer === 4 && row.epoch === epoch)
  const values = information.filter((row) => row.layer === 4 && row.epoch === epoch).map((row) => row.mi_corrected)
  const [main] = drawn.filter(({ role }) => role === 'main')
  assert.equal([main.value, main.low, main.high], [median(values), Math.min(...values), Math.max(...values)])
  assert.equal(
    drawn.filter(({ role }) => role === 'seed').map(({ value }) => value),
    values,
  )
})

test('every figure has its files, and a column of print is 3.3 inches wide', async () => {
  const names = new Set(readdirSync(join(one, 'figures')).map((name) => name.replace(/\..*/, '')))
  assert.is(names.size, 19)
  for (const name of names)
    for (const ending of ['svg', 'png', 'vl.json', 'csv'])
      assert.ok(existsSync(join(one, 'figures', `${name}.${ending}`)))
  const [head, first] = readFileSync(join(one, 'figures', 'information.csv'), 'utf8').split('\n')
  assert.is(head.split(',').length, first.split(',').length)
  const paper = join(folder, 'paper.html')
  await report([several], { style: 'paper', out: paper })
  assert.match(
    readFileSync(join(folder, 'figures', 'information.svg'), 'utf8').slice(0, 300),
    / width="3.3in" height="2.3in"/,
  )
})

test('text from data stays text, and what is not seen is made visible', async () => {
  const evil = '<img src=x onerror=alert(1)>'
  const hostile = join(folder, `${evil}\u0007`)
  writeMovingRun(hostile, {
    measurements: 5,
    title: `${evil}\u001b[31m</script>`,
    classes: [`${evil} class`, 'other'],
    estimator: `${evil}&"'\u202e`,
  })
  const { printed } = await report([hostile, one], { out: join(folder, 'hostile.html') })
  assert.not.match(printed, /[\u0007\u001b\u202e]/)
  const html = readFileSync(join(folder, 'hostile.html'), 'utf8')
  assert.not.match(html, /<img/)
  assert.not.match(html, /[\u0007\u001b\u202e]/)
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt; class/)
  assert.is(html.match(/<\/script>/g)!.length, 2)
  const svg = readFileSync(join(folder, 'figures', 'rivals-layer-1.svg'), 'utf8')
  assert.not.match(svg, /<img/)
  assert.match(svg, /&lt;img src=x onerror/)
})

test('of a damaged, partial or running folder what is there, and what is missing in words', async () => {
  const partial = join(folder, 'partial')
  cpSync(one, partial, { recursive: true })
  writeFileSync(join(partial, 'run.json'), '{"status": "fini')
  rmSync(join(partial, 'clustering.arrow'))
  truncateSync(join(partial, 'histograms.arrow'), 2000)
  writeFileSync(join(partial, 'scatter.arrow'), readFileSync(join(one, 'training.arrow')))
  const { printed } = await report([partial])
  for (const line of [
    /run\.json cannot be read/,
    /clustering\.arrow is not there: no distances/,
    /histograms\.arrow is damaged/,
    /scatter\.arrow is damaged \(not table scatter/,
  ]) {
    assert.match(printed, line)
    assert.match(readFileSync(join(partial, 'report.html'), 'utf8'), line)
  }
  const running = join(folder, 'running')
  writeMovingRun(running, { status: 'running', measurements: 5 })
  truncateSync(join(running, 'information.arrows'), readFileSync(join(running, 'information.arrows')).length - 20)
  assert.match((await report([running])).printed, /information\.arrows ends within a row/)
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'run.json'), '{}')
  assert.match((await report([empty])).printed, /information\.arrow is not there: no information/)
  assert.match(readFileSync(join(empty, 'report.html'), 'utf8'), /What is missing/)
})

test('mistakes are one line that says what to do', async () => {
  const told = async (work: () => unknown) => {
    try {
      await work()
    } catch (error) {
      return (error as Error).message
    }
    return 'nothing'
  }
  assert.match(await told(() => report([join(folder, 'nowhere')])), /nowhere: cannot be read \(ENOENT\)/)
  assert.match(await told(() => report([one], { out: join(folder, 'no', 'r.html') })), /no folder .*make it/)
  assert.match(
    await told(() => readReportRequest({ runs: [one], style: 'poster' } as never)),
    /--style: found 'poster', expected screen or paper/,
  )
  assert.match(
    await told(() => readReportRequest({ runs: [one], out: 'report.pdf' } as never)),
    /does not end in \.html/,
  )
})

test('32 seeds and 84 measurements: within 10 seconds of one core, under 5 MB', async () => {
  const many = join(folder, 'many')
  writeMovingRun(many, { seeds: Array.from({ length: 32 }, (_, seed) => seed), measurements: 84, inputs: 500 })
  const { seconds } = await report([many])
  assert.ok(seconds < 10, `${seconds} s`)
  assert.ok(readFileSync(join(many, 'report.html')).length < 5e6)
  assert.is(rowsOf(many, 'information').filter(({ role }) => role === 'main').length, 5 * 84)
})

test.run()
