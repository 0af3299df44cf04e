// d_x = d_u W (overwrites): the gradient of a dense layer's input.
//
// d_u  rows x outputs     d_x  rows x inputs        one invocation owns one element of d_x
// f32: error at most (outputs + 1) 2^-24 sum |d_u W|.
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weights_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> d_u: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_x: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.rows * params.inputs) {
    return;
  }
  let input = element % params.inputs;
  let row_at = element / params.inputs * params.outputs;
  var sum = 0.0;
  for (var o = 0u; o < params.outputs; o++) {
    sum += d_u[row_at + o] * parameters[params.weights_at + o * params.inputs + input];
  }
  d_x[element] = sum;
}
