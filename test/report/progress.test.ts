import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Progress } from '../../src/report/progress.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { informationRow, trainingRow } from './rows.js'

interface Stage {
  progress: Progress
  written: string[]
  wait: (seconds: number) => void
}

function stage(isTTY: boolean, columns = 80, environment: Record<string, string> = {}): Stage {
  const written: string[] = []
  let time = 5000
  const stream = { isTTY, columns, write: (text: string) => written.push(text) }
  const progress = new Progress({ stream, environment, now: () => time })
  return { progress, written, wait: (seconds) => void (time += seconds * 1000) }
}

/** What a terminal shows after these writes: carriage return and clear-line are obeyed, other escapes dropped. */
function screen(written: string[]): string[] {
  return written
    .join('')
    .split('\n')
    .map((line) =>
      line
        .split('\r\u001b[2K')
        .at(-1)!
        .replace(/\u001b\[\d+m/g, ''),
    )
}

const measurement = [informationRow(123, null, { layer: 2 }), informationRow(123, 8.31776, { layer: 1 })]

test('on a terminal one status line is drawn over itself, with time left from the pace so far', () => {
  const { progress, written, wait } = stage(true)
  progress.progress(0, 0, 'measuring')
  wait(10)
  progress.evaluated([trainingRow(40, { train_loss: 0.3119 })])
  progress.progress(0.25, 40, 'training')
  assert.equal(screen(written), ['█████░░░░░░░░░░░░░░░  25 %  epoch 40  loss 0.312  training  0:10, 0:30 left'])
})

test('the status is not drawn more often than ten times a second', () => {
  const { progress, written, wait } = stage(true)
  for (let i = 0; i < 1000; i++) {
    progress.progress(i / 1000, i, 'training')
    wait(0.001)
  }
  assert.is(written.length, 10)
})

test('a resumed run reckons its time left from where it resumed', () => {
  const { progress, written, wait } = stage(true)
  progress.progress(0.5, 500, 'training')
  wait(10)
  progress.progress(0.75, 750, 'training')
  assert.match(screen(written)[0], '0:10, 0:10 left')
})

test('each measurement stays on the screen above the status, under one heading', () => {
  const { progress, written, wait } = stage(true)
  progress.evaluated([trainingRow(123, { train_loss: 0.3119 })])
  progress.progress(0.1, 123, 'measuring')
  progress.measured(measurement)
  wait(1)
  progress.measured(measurement.map((row) => ({ ...row, epoch: 124 })))
  const lines = screen(written)
  assert.is(lines.length, 4)
  assert.is(lines[0], '   epoch train loss  I(X;T_1)  I(X;T_2)  [nats]')
  assert.is(lines[1], '     123     0.3119     8.318         -')
  assert.is(lines[2], '     124          -     8.318         -', 'a loss of another epoch is not shown')
  assert.match(lines[3], /10 % {2}epoch 123/)
})

test('networks that train together share a line of medians, and one more seed or layer brings new headings', () => {
  const { progress, written } = stage(false)
  const seeds = [4, 0, 1, 2, 3]
  const rowsOf = (epoch: number): InformationRow[] =>
    seeds.flatMap((seed) => [
      informationRow(epoch, seed === 4 ? null : seed ** 2, { seed, layer: 2 }),
      informationRow(epoch, 8 + seed, { seed, layer: 1 }),
    ])
  progress.evaluated(seeds.map((seed) => trainingRow(7, { seed, train_loss: seed === 3 ? NaN : 0.1 * seed })))
  progress.measured(rowsOf(7))
  progress.measured(rowsOf(8))
  progress.measured(rowsOf(9).filter((row) => row.seed === 2))
  assert.equal(written.join('').split('\n'), [
    'medians of 5 seeds: 0 to 4',
    '   epoch train loss  I(X;T_1)  I(X;T_2)  [nats]',
    '       7     0.1500    10.000     2.500',
    '       8          -    10.000     2.500',
    'seed 2',
    '   epoch train loss  I(X;T_1)  I(X;T_2)  [nats]',
    '       9          -    10.000     4.000',
    '',
  ])
})

test('a status wider than the terminal is cut, so that it never wraps', () => {
  const { progress, written } = stage(true, 30)
  progress.progress(0.5, 12345, 'training')
  assert.is(screen(written)[0].length, 29)
})

test('without a terminal there are plain lines: each measurement, and a status after ten silent seconds', () => {
  const { progress, written, wait } = stage(false)
  for (let second = 0; second < 25; second++) {
    progress.progress(second / 25, second, 'training')
    wait(1)
  }
  progress.measured(measurement)
  progress.log('done')
  progress.stop()
  assert.is(written.length, 5)
  assert.is(written[0], ' 40 %  epoch 10  training  0:10, 0:15 left\n')
  assert.is(written[3], '     123          -     8.318         -\n')
  assert.not.match(written.join(''), /[\r\u001b█]/)
})

test('TERM=dumb counts as no terminal, NO_COLOR turns colours off', () => {
  const dumb = stage(true, 80, { TERM: 'dumb' })
  dumb.progress.progress(0.5, 1, 'training')
  dumb.progress.measured(measurement)
  assert.not.match(dumb.written.join(''), '\u001b')
  const [coloured, plain] = [stage(true), stage(true, 80, { NO_COLOR: '1' })]
  for (const { progress } of [coloured, plain]) progress.measured(measurement)
  assert.match(coloured.written.join(''), '\u001b[2m')
  assert.not.match(plain.written.join(''), /\u001b\[\d+m/)
})

test('foreign text cannot steer the terminal', () => {
  const { progress, written } = stage(true)
  progress.log('warning \u001b[2Jwiped\r\nsecond line')
  assert.equal(screen(written), ['warning \\u{1b}[2Jwiped\\u{d}', 'second line', ''])
})

test('stop removes the status, and nothing is drawn after it but permanent lines', () => {
  const { progress, written, wait } = stage(true)
  progress.progress(0.5, 1, 'training')
  progress.stop()
  progress.stop()
  wait(60)
  progress.progress(0.6, 2, 'training')
  progress.log('kept')
  assert.equal(screen(written), ['kept', ''])
})

test.run()
