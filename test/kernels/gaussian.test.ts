// Normals from given bits, random ones and those at every border; normal-error.ts derives how far they may be off.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gaussians } from '../../src/math/gaussian.js'
import { close } from '../close.js'
import { openMachine } from './compare.js'
import { normalErrors, type Bits } from './normal-error.js'
import { runText } from './run-text.js'
import { whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

async function onDevice(bits: readonly Bits[]): Promise<Float32Array> {
  const words = bits.map((word) => [...word, 0, 0, 0, 0])
  const found = await runText(machine, ['gaussian'], 'bitcast<vec4u>(gaussians(a))', words)
  return new Float32Array(found.buffer)
}

async function check(bits: Bits[], what: string): Promise<void> {
  close(
    await onDevice(bits),
    bits.flatMap((word) => gaussians(word)),
    bits.flatMap(normalErrors),
    what,
  )
}

test('random bits give the normals of the f64 twin', async () => {
  const bits = Array.from({ length: 4000 }, (_, i) => [...whole(4, i, 2 ** 32)] as Bits)
  await check(bits, 'normals')
})

test('all quadrants and their borders', async () => {
  const turns = [0, 1, 2, 3].flatMap((quarter) =>
    [0, 1, 0x1fffffff, 0x20000000, 0x3ffffffe, 0x3fffffff].map((place) => quarter * 2 ** 30 + place),
  )
  await check(
    turns.map((turn) => [2 ** 30, turn, 12345, turn]),
    'quadrants',
  )
})

test('the tail goes on beyond 5.9 sigma, to 6.76', async () => {
  const quarter = 2 ** 29 // the middle of a quadrant: cosine 1, sine 0
  const bits = [0, 1, 2, 10, 100].map((word): Bits => [word, quarter, word, quarter + 2 ** 31])
  await check(bits, 'tails')
  const z = await onDevice(bits)
  assert.ok(z[1] > 6.76 && z[1] < 6.77, `largest ${z[1]}`)
  assert.ok(z[3] < -6.76 && z[3] > -6.77, `smallest ${z[3]}`)
  assert.ok(Array.from(bits, (_, i) => z[4 * i + 1]).every((one) => one > 5.9))
})

test('the largest words give a radius of zero, not NaN', async () => {
  const ones = 0xffffffff
  await check(
    [
      [ones, 0, ones - 1, ones],
      [ones - 255, 7, ones - 256, 9],
      [ones, ones, ones, ones],
    ],
    'small radii',
  )
})

test.run()
