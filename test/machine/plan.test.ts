// What machines refuse before anything runs, on the references and on a device alike: nobody should find a wrong name or
// a wrong place by its numbers.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { openDevice } from '../../src/gpu/device.js'
import { activationBackward } from '../../src/kernels/activation-backward.js'
import { activationForward } from '../../src/kernels/activation-forward.js'
import { BisectMachine, bisected } from '../../src/machine/bisect.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { dispatch, type Command, type Machine, type Plan } from '../../src/plan.js'
import { close, rounding } from '../close.js'

const open = await openDevice()
const gpu = new GpuMachine(open)
const machines: Machine[] = [new ReferenceMachine(), gpu]
test.after(() => open.destroy())

const constants = { ACTIVATION: 'tanh' }
const buffers = { u: { type: 'f32', length: 4 }, s: { type: 'f32', length: 4 } } as const
for (const machine of machines) machine.allocate({ ...buffers, words: { type: 'u32', length: 3 } })

function forward(names: Record<string, string>, params: Record<string, number> = { count: 4 }): Command {
  return dispatch(activationForward, params as { count: number }, names, constants)
}

/** Preparing the plan fails on every machine with a line that holds all of the parts. */
async function refuses(plan: Plan, ...parts: string[]): Promise<void> {
  for (const machine of machines) {
    const error = await machine.prepare(plan).catch((e: unknown) => e)
    assert.instance(error, Error, `${machine.name} took it`)
    for (const part of parts) assert.ok((error as Error).message.includes(part), `${(error as Error).message}: ${part}`)
  }
}

test('buffers: one error lists those missing, those not known, and those declared', async () => {
  const parts = ['activation-forward: buffers', 'missing: s', 'not known: S, v', 'declared: u, s']
  await refuses([forward({ u: 'u', S: 's', v: 'u' })], ...parts)
  await refuses([forward({})], 'missing: u, s', 'not known: none')
})

test('parameters: one error lists those missing and those not known', async () => {
  const names = { u: 'u', s: 's' }
  await refuses([forward(names, { cuont: 4, rows: 1 })], 'parameters missing: count; not known: cuont, rows')
  await refuses([forward(names, {})], 'missing: count', 'not known: none')
  await refuses([forward(names, { count: 4, rows: 1 })], 'missing: none', 'not known: rows')
})

test('a buffer that was never made', async () => {
  await refuses([forward({ u: 'u', s: 'z' })], `activation-forward: s names the buffer 'z', which was never allocated`)
})

test('a constant that the shader needs and does not get', async () => {
  await refuses([dispatch(activationForward, { count: 4 }, { u: 'u', s: 's' })], 'no value for ACTIVATION')
})

test('what is written may not be bound a second time', async () => {
  await refuses([forward({ u: 'u', s: 'u' })], `writes s into the buffer 'u' that it also binds elsewhere`)
  const names = { s: 's', d_s: 's', d_u: 's' }
  await refuses([dispatch(activationBackward, { count: 4 }, names, constants)], `writes d_u into the buffer 's'`)
})

test('what is only read may be bound twice', async () => {
  const plan = [dispatch(activationBackward, { count: 4 }, { s: 's', d_s: 's', d_u: 'u' }, constants)]
  for (const machine of machines) {
    await machine.prepare(plan)
    machine.write('s', Float32Array.of(0.5, 0, -1, 1))
    machine.run(plan)
    assert.equal([...(await machine.read('u'))], [0.375, 0, 0, 0])
  }
})

test('a bad command spoils the plan it is in, wherever it stands', async () => {
  const good = forward({ u: 'u', s: 's' })
  await refuses([good, good, forward({ u: 'u', s: 'z' })], 'never allocated')
})

test('a number that its parameter cannot hold', async () => {
  for (const count of [-1, 1.5, NaN, 2 ** 32]) {
    const error = await gpu.prepare([forward({ u: 'u', s: 's' }, { count })]).catch((e: unknown) => e)
    assert.match((error as Error).message, `activation-forward: parameter count = ${count} is no u32`)
  }
})

test('a plan that was not prepared does not run', () => {
  const bisecting = new BisectMachine(gpu, 'activation-forward')
  for (const machine of [...machines, bisecting]) {
    assert.throws(() => machine.run([forward({ u: 'u', s: 's' })]), /this plan was not prepared/)
  }
})

test('nothing is read or written past an end', async () => {
  for (const machine of machines) {
    assert.throws(() => machine.write('u', new Float32Array(5)), /5 elements from 0 on do not fit 'u' of 4/)
    assert.throws(() => machine.write('u', new Float32Array(2), 3), /2 elements from 3 on/)
    assert.throws(() => machine.write('u', new Float32Array(1), -1), /from -1 on/)
    for (const [at, length] of [
      [0, 5],
      [3, 2],
      [5, undefined],
      [-1, 2],
    ] as const) {
      const error = await machine.read('u', at, length).catch((e: unknown) => e)
      assert.match((error as Error).message, /do not fit 'u' of 4/)
    }
    assert.is((await machine.read('u', 4)).length, 0)
  }
})

test('names that are not there, or there already', async () => {
  for (const machine of machines) {
    assert.throws(() => machine.write('z', new Float32Array(1)), /no buffer 'z'/)
    assert.throws(() => machine.allocate({ u: { type: 'f32', length: 1 } }), /the buffer 'u' exists already/)
    const error = await machine.read('z').catch((e: unknown) => e)
    assert.match((error as Error).message, /no buffer 'z'/)
  }
})

test('a buffer larger than the adapter allows says what to lower', () => {
  const length = 2 ** 40
  assert.throws(
    () => gpu.allocate({ huge: { type: 'f32', length, lower: 'measurement.replicas' } }),
    (error: Error) => {
      const said = /^buffer 'huge' needs 4398046\.5 MB: .* allows \d+\.\d MB: lower measurement\.replicas$/
      return error instanceof InputError && said.test(error.message)
    },
  )
})

test('an adapter without memory for a buffer says which, how large, and what to lower', async () => {
  const told: Error[] = []
  const open = await openDevice({ onError: (error) => told.push(error) })
  const machine = new GpuMachine(open)
  machine.device.popErrorScope = () => Promise.resolve({ message: 'out of memory' })
  machine.allocate({ samples: { type: 'f32', length: 1e6, lower: 'measurement.ownReplicas' } })
  const error = await machine.prepare([]).catch((found: unknown) => found)
  assert.instance(error, InputError)
  const { message } = error as Error
  assert.match(
    message,
    /^buffer 'samples' needs 4\.0 MB: .* has no memory left for it: lower measurement\.ownReplicas$/,
  )
  assert.equal(told, [error])
  machine.destroy()
})

test('parts of buffers, copies, and numbers of the other type', async () => {
  for (const machine of machines) {
    const data = Float32Array.of(1, 2)
    machine.write('u', new Float32Array(4))
    machine.write('u', data, 1)
    data.fill(9)
    assert.equal([...(await machine.read('u'))], [0, 1, 2, 0])
    assert.equal([...(await machine.read('u', 2, 1))], [2])
    machine.write('words', Float64Array.of(1, 2 ** 32 - 1, 0))
    assert.equal(await machine.read('words'), Uint32Array.of(1, 2 ** 32 - 1, 0))
  }
})

test('commands run in order, as often as asked', async () => {
  const plan = [forward({ u: 'u', s: 's' }), forward({ u: 's', s: 'u' })]
  const twice = (x: number) => Math.tanh(Math.tanh(x))
  for (const machine of machines) {
    await machine.prepare(plan)
    machine.write('u', Float32Array.of(0.5, 1, -2, 0))
    machine.run(plan, 3)
    await machine.finish()
    const expected = [0.5, 1, -2, 0].map((x) => twice(twice(twice(x))))
    close(await machine.read('u'), expected, 6 * 20 * 2 * rounding, `six times tanh on ${machine.name}`)
  }
})

test('fresh buffers hold zeros, and names may be used again once all are freed', async () => {
  for (const machine of [new ReferenceMachine(), new GpuMachine(open)]) {
    for (let i = 0; i < 2; i++) {
      machine.allocate({ fresh: { type: 'f32', length: 3 } })
      assert.equal([...(await machine.read('fresh'))], [0, 0, 0])
      machine.write('fresh', Float32Array.of(1, 2, 3))
      machine.release()
      assert.throws(() => machine.write('fresh', Float32Array.of(1)), /no buffer 'fresh'/)
    }
  }
})

test('GPU_FROM names a kernel that there is, or nothing', () => {
  assert.is(bisected(gpu, ['adam', 'noise'], undefined), gpu)
  assert.is(bisected(gpu, ['adam', 'noise'], ''), gpu)
  assert.match(bisected(gpu, ['adam', 'noise'], 'noise').name, /references up to noise, then /)
  assert.throws(
    () => bisected(gpu, ['adam', 'noise'], 'nois'),
    /unknown kernel in GPU_FROM 'nois': did you mean 'noise'\?/,
  )
})

test.run()
