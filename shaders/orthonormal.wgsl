// A <- A - rate (A A' A - A) for the weights A (outputs x inputs) of a layer inside `parameters`, in place: a step down the gradient of
// |A A' - 1|^2 / 4 (Cisse et al., ICML 2017, algorithm 1).
//
// gram  short x short: A A', or A' A where outputs > inputs, of A as it is before (shaders/gram.wgsl)
// One invocation owns one line of A, a column where outputs <= inputs, else a row: it reads no other's values (shared/orthonormal.wgsl).
// f32: error at most rate (short + 2) 2^-24 sum |G A| and the difference's own rounding.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  at: u32,
  short: u32,
  long: u32,
  short_stride: u32,
  long_stride: u32,
  rate: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gram: array<f32>;
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;

#let WEIGHTS parameters
#let GRAM gram
#include "shared/index.wgsl"
#include "shared/gram.wgsl"
#include "shared/orthonormal.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let line = line_index(id, groups);
  if (line >= params.long) {
    return;
  }
  let a = Matrix(params.at, params.short, params.long, params.short_stride, params.long_stride);
  orthonormalise(a, 0u, line, params.rate);
}
