// s = x keep / (1 - rate): dropout as PyTorch has it in training, and, for d_x from d_s, its derivative: both draw the same mask.
//
// x, s  count     one invocation owns a quad: elements 4 q .. 4 q + 3, that is one Philox block
// step  which pass this is: its noise_step enters the counter, its seed is the key
//
// Counter (quad, layer, step.noise_step, stream), key (step.seed_low, step.seed_high). An element is kept where its word of the block
// is not below `threshold` = rate 2^32: whole numbers, so that every machine keeps the same. f32: one product, scale = 1 / (1 - rate).
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  count: u32,
  threshold: u32,
  scale: f32,
  stream: u32,
  layer: u32,
}

#include "shared/step.wgsl"

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> s: array<f32>;

#include "shared/index.wgsl"
#include "shared/philox.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quad = line_index(id, groups);
  let first = 4u * quad;
  if (first >= params.count) {
    return;
  }
  let words = philox(vec4u(quad, params.layer, step.noise_step, params.stream), vec2u(step.seed_low, step.seed_high));
  for (var k = 0u; k < min(4u, params.count - first); k++) {
    s[first + k] = select(0.0, x[first + k] * params.scale, words[k] >= params.threshold);
  }
}
