/** The page as a person has it: a browser opens the file from disk, without a network; what is asked is what is drawn. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Browser, Page } from 'playwright-core'
import { performReport } from '../../src/commands/perform-report.js'
import { scratch } from '../commands/process.js'
import { testIf } from '../skip.js'
import { openBrowser, urlOf } from './browser.js'
import { measuredEpochs, scatterRows, writeMovingRun } from './moving-run.js'

const folder = scratch(test)
const evil = '<img src=x onerror=alert(1)>'
const epochs = measuredEpochs(9)
const file = join(folder, 'page.html')
const { browser, reason } = await openBrowser()
let page: Page
const complaints: string[] = []

test.before(async () => {
  const first = writeMovingRun(join(folder, 'first'), {
    measurements: 9,
    inputs: 24,
    title: evil,
    classes: [evil, 'b'],
  })
  const second = writeMovingRun(join(folder, evil), { measurements: 9, inputs: 24, experiment: 'other', seeds: [4] })
  await performReport({ folders: [first, second], out: file, style: 'screen' })
  if (browser) page = await openPage(browser, { width: 1200, height: 900 }, 'light')
})
test.after(() => browser?.close())

async function openPage(
  browser: Browser,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, offline: true })
  const opened = await context.newPage()
  opened.on('console', (message) => complaints.push(message.text()))
  opened.on('pageerror', (error) => complaints.push(error.message))
  opened.on(
    'request',
    (request) => void (request.url().startsWith('file:') || complaints.push(`asked for ${request.url()}`)),
  )
  await opened.goto(urlOf(file))
  return opened
}

/** A test that needs the browser. */
const inBrowser = (name: string, run: () => Promise<void>) => testIf(browser !== null, reason, test, name, run)

const attribute = (selector: string, name: string) => page.locator(selector).first().getAttribute(name)
const seen = (selector: string) => page.locator(selector).first().isVisible()
const dots = () =>
  page
    .locator('svg[data-figure="scatter-0-12"] .points_marks path')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('transform')!))
const readout = () => page.locator('#readout').textContent()

/** Where inputs are drawn, back in activations. */
async function drawnPlaces(): Promise<number[][]> {
  const [low, high] = await page.evaluate(
    () => JSON.parse(document.getElementById('data')!.textContent!).scatters[0].domain,
  )
  return (await dots()).map((transform) => {
    const [px, py] = transform.match(/-?[\d.]+/g)!.map(Number)
    return [low + (px / 236) * (high - low), high - (py / 240) * (high - low)]
  })
}

inBrowser('it opens at the last epoch, and the marks lie where the table says', async () => {
  assert.is(await readout(), `epoch ${epochs[8].toLocaleString('en')}`)
  const expected = scatterRows(1, epochs[8], 24)
  ;(await drawnPlaces()).forEach(([s1, s2], x) => {
    assert.ok(
      Math.abs(s1 - expected[x].s1) < 0.005 && Math.abs(s2 - expected[x].s2) < 0.005,
      `input ${x}: ${s1}, ${s2}`,
    )
  })
})

inBrowser('keys go through the epochs: scatter, histograms and the marker on the curves follow', async () => {
  const before = {
    outline: await attribute('svg[data-figure="histogram-0-5"] .outline_marks path', 'd'),
    line: Number(await attribute('svg[data-figure="information"] .now', 'x1')),
    cloud: await attribute('svg[data-cloud="0"] circle', 'cx'),
  }
  await page.keyboard.press('Home')
  assert.is(await readout(), 'epoch 0')
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
  assert.is(await readout(), `epoch ${epochs[4]}`)
  const expected = scatterRows(1, epochs[4], 24)
  ;(await drawnPlaces()).forEach(([s1], x) => assert.ok(Math.abs(s1 - expected[x].s1) < 0.005))
  assert.is.not(await attribute('svg[data-figure="histogram-0-5"] .outline_marks path', 'd'), before.outline)
  assert.is.not(await attribute('svg[data-cloud="0"] circle', 'cx'), before.cloud)
  const line = Number(await attribute('svg[data-figure="information"] .now', 'x1'))
  assert.ok(line < before.line, `${line} < ${before.line}`)
  for (const name of ['loss', 'distances-within', 'rivals-layer-1'])
    assert.is(Number(await attribute(`svg[data-figure="${name}"] .now`, 'x1')) > 50, true, name)
  // the dot of layer 5 lies on the point that vega drew there
  const point = await page.locator('svg[data-figure="information"] .c8_dots_marks path').nth(4).boundingBox()
  const dot = await page.locator('svg[data-figure="information"] .dot').nth(8).boundingBox()
  assert.ok(
    Math.hypot(
      point!.x + point!.width / 2 - dot!.x - dot!.width / 2,
      point!.y + point!.height / 2 - dot!.y - dot!.height / 2,
    ) < 1,
  )
})

inBrowser('slider and play', async () => {
  await page.locator('#epoch').fill('2')
  assert.is(await readout(), `epoch ${epochs[2]}`)
  const early = await dots()
  await page.locator('#play').click()
  await page.waitForFunction(
    (text) => document.getElementById('readout')!.textContent === text,
    `epoch ${epochs[8].toLocaleString('en')}`,
    { timeout: 20_000 },
  )
  assert.is.not((await dots())[0], early[0])
  assert.is(await attribute('#play', 'aria-pressed'), 'false', 'it stops at the end')
})

inBrowser('a layer and a run can be hidden, in every figure', async () => {
  const [line, other] = [
    'svg[data-figure="information"] .c8_line_marks path',
    'svg[data-figure="information"] .c9_line_marks path',
  ]
  assert.ok(await seen(line))
  await page.locator('button[data-layer="5"]').click()
  assert.equal(
    await Promise.all([line, other, 'svg[data-figure="rivals-layer-5"]', 'svg[data-figure="histogram-0-5"]'].map(seen)),
    [false, false, false, false],
  )
  assert.ok(await seen('svg[data-figure="rivals-layer-4"]'))
  await page.locator('button[data-layer="5"]').click()
  await page.locator('button[data-run="1"]').click()
  assert.equal([await seen(line), await seen(other)], [true, false])
  await page.locator('button[data-run="1"]').click()
  assert.ok(await seen(other))
})

inBrowser('under the pointer: epoch, values, intervals and units', async () => {
  const place = page.locator('svg[data-figure="information"] .catch')
  const { width, height } = (await place.boundingBox())!
  await place.hover({ position: { x: width - 2, y: height / 2 } })
  const tip = (await page.locator('.tip').textContent())!
  assert.match(tip, new RegExp(`^epoch ${epochs[8].toLocaleString('en')}`))
  assert.match(tip, /layer 5, first\d\.\d{4} \[\d\.\d{4}, \d\.\d{4}\] nats/)
  assert.is(await page.locator('svg[data-figure="information"] .ring').count(), 10)
  await page.mouse.move(2, 2)
  assert.not.ok(await seen('.tip'))
})

inBrowser('values as a table; labels as they are written', async () => {
  const details = page.locator('details[data-table="information"]')
  await details.locator('summary').click()
  await details.locator('tbody tr').first().waitFor()
  assert.is(await details.locator('tbody tr').count(), 9)
  assert.match((await details.locator('thead').textContent())!, /layer 1, <img src=x onerror=alert\(1\)>/)
  assert.is(
    await page
      .locator('h1')
      .textContent()
      .then((text) => text!.includes(evil)),
    true,
  )
  assert.match((await page.locator('.legend').first().textContent())!, /<img src=x onerror=alert\(1\)>/)
  assert.is(await page.locator('img').count(), 0)
})

inBrowser('on a phone nothing is wider than the screen; in the dark lines are lighter', async () => {
  const phone = await openPage(browser!, { width: 360, height: 700 }, 'dark')
  assert.ok((await phone.evaluate(() => document.documentElement.scrollWidth)) <= 360)
  const colour = (one: Page) =>
    one
      .locator('svg[data-figure="information"] .c0_line_marks path')
      .first()
      .evaluate((path) => getComputedStyle(path).stroke)
  const lightness = (rgb: string) =>
    rgb
      .match(/\d+/g)!
      .map(Number)
      .reduce((a, b) => a + b)
  assert.ok(lightness(await colour(phone)) > 150 + lightness(await colour(page)))
  await phone.close()
})

inBrowser('it asked for nothing, and the browser complained of nothing', async () => {
  assert.equal(complaints, [])
})

test.run()
