// gram = A A' for the weights A (outputs x inputs) of a layer inside `parameters`, or A' A where outputs > inputs: products along the
// longer side (shared/gram.wgsl says how that is told by strides).
//
// gram  short x short        one invocation owns one element
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  at: u32,
  short: u32,
  long: u32,
  short_stride: u32,
  long_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read_write> gram: array<f32>;

#let WEIGHTS parameters
#include "shared/index.wgsl"
#include "shared/gram.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.short * params.short) {
    return;
  }
  let a = Matrix(params.at, params.short, params.long, params.short_stride, params.long_stride);
  gram[element] = gram_product(a, element / params.short, element % params.short);
}
