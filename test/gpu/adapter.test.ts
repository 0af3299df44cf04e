import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { adaptersReport, adaptersTable } from '../../src/commands/adapters.js'
import { InputError } from '../../src/errors.js'
import { listAdapters, openAdapter, unknownAdapter, type FoundAdapter } from '../../src/gpu/adapter.js'
import { openDevice, openNullDevice } from '../../src/gpu/device.js'
import { isSoftware, LIMITS } from '../../src/gpu/ladder.js'
import { testIf } from '../skip.js'

// An empty cache: what follows proves the way from nothing.
const cache = mkdtempSync(join(os.tmpdir(), 'infoflow-test-'))
process.env.INFOFLOW_CACHE = cache
test.after(() => rmSync(cache, { recursive: true }))

const isPackaged = process.platform === 'linux' && process.arch === 'x64'
const packaged = (name: string, run: () => unknown) =>
  testIf(isPackaged, 'the packaged adapter is for Linux on x64', test, name, run)

test('from an empty cache an adapter opens, says what it is first, and computes', async () => {
  const { adapter, device, destroy } = await openDevice()
  assert.match(adapter.describe(), /^adapter: .+ - (GPU, \w+|software, (system|embedded), \d+ CPU cores?)$/)
  assert.is(adapter.software, adapter.kind === 'software')
  assert.equal(await squares(device, [1, 2, 3, 40]), [1, 4, 9, 1600])
  destroy()
})

test('a device has all that its adapter has of the limits, and the features asked for', async () => {
  const { adapter, device, destroy } = await openDevice({ features: ['timestamp-query'] })
  for (const limit of LIMITS) assert.is(device.limits[limit], adapter.adapter.limits[limit], limit)
  assert.is(device.features.has('timestamp-query'), adapter.adapter.features.has('timestamp-query'))
  assert.not(device.features.has('subgroups'))
  destroy()
})

test('two devices live side by side, and collecting garbage does not kill them', async () => {
  const [one, two] = await Promise.all([openDevice(), openDevice()])
  collectGarbage()
  assert.equal(await squares(one.device, [5]), [25])
  one.destroy()
  assert.equal(await squares(two.device, [6]), [36])
  two.destroy()
})

test('a wrong call reaches the hook instead of passing in silence', async () => {
  const errors: Error[] = []
  const { device, destroy } = await openDevice({ onError: (error) => errors.push(error) })
  device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
  await device.queue.onSubmittedWorkDone()
  assert.is(errors.length, 1)
  assert.match(errors[0].message, /^WebGPU: /)
  destroy()
  await device.lost
  assert.is(errors.length, 1, 'a device destroyed on purpose is no error')
})

test('the list is in order of preference, its first is the one that opens, and no software is called a GPU', async () => {
  const found = await listAdapters()
  assert.equal(
    found.map((one) => one.chosen),
    found.map((_, index) => index === 0),
  )
  assert.is((await openAdapter()).name, found[0].name)
  const order = ['hardware', 'system-software', 'embedded']
  const rungs = found.map((one) => order.indexOf(one.rung))
  assert.equal(rungs, rungs.slice().sort())
  for (const one of found) assert.is(one.kind, one.rung === 'hardware' ? 'GPU' : 'software')
})

test('software is told by the flag and by its name', () => {
  const flag = (isFallbackAdapter: boolean) => ({ info: { isFallbackAdapter } })
  assert.ok(isSoftware('Some New Rasterizer', flag(true)))
  assert.ok(isSoftware('llvmpipe (LLVM 15.0.6, 256 bits)', flag(false)))
  assert.ok(isSoftware('SwiftShader Device (Subzero)', { info: {} }))
  assert.not(isSoftware('NVIDIA H100', flag(false)))
})

packaged('part of a name in any case selects the embedded adapter, whatever else is there', async () => {
  const adapter = await openAdapter({ name: 'sWIFTshader' })
  assert.match(adapter.name, /^SwiftShader/)
  assert.is(adapter.kind, 'software')
  assert.match(adapter.describe(), /software/)
  assert.not.match(adapter.describe(), /GPU/)
})

test('an unknown name is an input error that lists those there are', async () => {
  const error = await openAdapter({ name: 'no such thing' }).then(
    () => null,
    (error: unknown) => error,
  )
  assert.instance(error, InputError)
  for (const one of await listAdapters()) assert.ok((error as InputError).message.includes(`'${one.name}'`))
})

test('the nearest name is suggested from any of its words', () => {
  const found = [
    { name: 'NVIDIA H100', kind: 'GPU' },
    { name: 'SwiftShader Device (Subzero)', kind: 'software' },
  ]
  const known = "known: 'NVIDIA H100' (GPU), 'SwiftShader Device (Subzero)' (software)"
  const message = (name: string) => unknownAdapter(name, found).message
  assert.is(message('nvida'), `unknown adapter 'nvida': did you mean 'NVIDIA H100'? ${known}`)
  assert.is(
    message('swiftshadr'),
    `unknown adapter 'swiftshadr': did you mean 'SwiftShader Device (Subzero)'? ${known}`,
  )
  assert.match(message('swfit'), /did you mean 'SwiftShader Device \(Subzero\)'\?/, 'the beginning of a word')
  assert.is(message('voodoo2000'), `unknown adapter 'voodoo2000': ${known}`)
})

test('the null device finds the mistake in a shader and where it is', async () => {
  const { device, destroy } = await openNullDevice({ onError: () => {} })
  const messages = async (code: string) => (await device.createShaderModule({ code }).getCompilationInfo()).messages
  assert.is((await messages('@compute @workgroup_size(1) fn main() {}')).length, 0)
  const [mistake] = await messages('fn f() {\n  let x = unknown;\n}')
  assert.equal([mistake.type, mistake.lineNum, mistake.linePos], ['error', 2, 11])
  destroy()
})

test('the command marks the adapter of a run and says how to take another', async () => {
  const found = await listAdapters()
  const lines = (await adaptersReport()).split('\n')
  assert.ok(lines[1].startsWith(`*  ${found[0].name} `))
  assert.is(lines.filter((line) => line.startsWith('*  ')).length, 1)
  assert.ok(lines.some((line) => line.includes('--adapter')))
  assert.equal(JSON.parse(await adaptersReport({ json: true })), found)
})

test('the table is aligned, and says so when there is software only', () => {
  const limits = Object.fromEntries(LIMITS.map((limit) => [limit, 1024])) as FoundAdapter['limits']
  const common = { backend: 'vulkan', limits, features: ['subgroups'] }
  const gpu = { ...common, name: 'NVIDIA H100', kind: 'GPU', rung: 'hardware', chosen: true } as const
  const soft = {
    ...common,
    name: 'llvmpipe (LLVM 15)',
    kind: 'software',
    rung: 'system-software',
    chosen: false,
  } as const
  const both = adaptersTable([gpu, soft]).split('\n')
  const column = both[0].indexOf('kind')
  assert.is(both[1].slice(column, column + 3), 'GPU')
  assert.is(both[2].slice(column, column + 8), 'software')
  assert.match(both[1], /1 KiB +1 KiB +1024$/)
  assert.not.match(both.join('\n'), /Software only/)
  assert.match(adaptersTable([{ ...soft, chosen: true }], 'linux'), /Software only, no GPU found.*Vulkan driver/)
})

async function squares(device: GPUDevice, values: number[]): Promise<number[]> {
  const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) { x[id.x] *= x[id.x]; }`
  const size = values.length * 4
  const { COPY_DST, COPY_SRC, MAP_READ, STORAGE } = GPUBufferUsage
  const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST })
  const result = device.createBuffer({ size, usage: MAP_READ | COPY_DST })
  device.queue.writeBuffer(buffer, 0, new Float32Array(values))
  const module = device.createShaderModule({ code })
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } })
  const layout = pipeline.getBindGroupLayout(0)
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] }))
  pass.dispatchWorkgroups(values.length)
  pass.end()
  encoder.copyBufferToBuffer(buffer, 0, result, 0, size)
  device.queue.submit([encoder.finish()])
  await result.mapAsync(GPUMapMode.READ)
  return [...new Float32Array(result.getMappedRange())]
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  for (let i = 0; i < 3; i++) runInNewContext('gc()')
}

test.run()
