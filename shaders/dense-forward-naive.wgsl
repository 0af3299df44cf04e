// u = x W' + b as one would first write it: what a speed of shaders/dense-forward.wgsl is measured against (`infoflow bench`), and
// used for nothing else. Buffers and parameters are those of that kernel.
//
// x  rows x inputs     u  rows x outputs     W  outputs x inputs and b  outputs inside `parameters`
// One invocation owns one element of u.
// f32: error at most (inputs + 2) 2^-24 (sum |x W| + |b|).
const WORKGROUP = ${WORKGROUP}u;

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weights_at: u32,
  bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;

#include "shared/index.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let element = line_index(id, groups);
  if (element >= params.rows * params.outputs) {
    return;
  }
  let row = element / params.outputs;
  let o = element % params.outputs;
  var sum = parameters[params.bias_at + o];
  for (var i = 0u; i < params.inputs; i++) {
    sum += parameters[params.weights_at + o * params.inputs + i] * x[row * params.inputs + i];
  }
  u[element] = sum;
}
