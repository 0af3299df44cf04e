/** Runs a function of shaders/shared/ by itself: what the kernels include is tested on words that no kernel would feed it. */
import type { GpuMachine } from '../../src/machine/gpu.js'
import { compileShader, loadShader } from '../../src/gpu/shader.js'

/**
 * `result` of each element, an expression of four u32 or f32 (as bits) in `a` and `b`, the element's eight words.
 * @returns four words each
 */
export async function runText(
  { device }: GpuMachine,
  included: string[],
  result: string,
  words: readonly (readonly number[])[],
): Promise<Uint32Array> {
  const parts = included.map((name) => loadShader(`shared/${name}`, {}).code)
  const code = `${parts.join('')}
@group(0) @binding(0) var<storage, read> given: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> made: array<vec4u>;

@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = given[2u * id.x];
  let b = given[2u * id.x + 1u];
  made[id.x] = ${result};
}
`
  const module = await compileShader(device, { stem: 'text under test', code, places: [] })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
  const given = Uint32Array.from(words.flat())
  const input = storage(device, given.byteLength)
  const output = storage(device, words.length * 16)
  device.queue.writeBuffer(input, 0, given)
  const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindings)
  pass.dispatchWorkgroups(words.length)
  pass.end()
  return readBack(device, encoder, output)
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  })
}

async function readBack(device: GPUDevice, encoder: GPUCommandEncoder, from: GPUBuffer): Promise<Uint32Array> {
  const staging = device.createBuffer({ size: from.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  encoder.copyBufferToBuffer(from, 0, staging, 0, from.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const words = new Uint32Array(staging.getMappedRange().slice(0))
  staging.unmap()
  return words
}
